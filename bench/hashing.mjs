/**
 * How long a page is kept from its other work while a body of 20 MB is hashed: the longest task of its main thread in each of ten
 * calls, over HTTP, where pages have no WebCrypto, and over HTTPS. `npm run bench:hashing`.
 */
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const megabytes = Number(process.argv[2] ?? 20);
const rounds = 10;
const fixture = (name) => readFileSync(new URL(`../spec/transport/fixtures/${name}`, import.meta.url));

const { outputFiles } = await build({
  stdin: { contents: "export * from 'rx-alicloud'; export { of, lastValueFrom } from 'rxjs';", resolveDir: '.' },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'browser',
  // The paths of tsconfig.json are Node's side.
  tsconfigRaw: '{}',
  logLevel: 'warning',
});

function listener({ url }, response) {
  if (url === '/script.js') {
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(outputFiles[0].contents);
  } else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>hashing</title>');
}

/** In the page: loads what it needs, so that this is no part of what is measured. */
async function prepare(length) {
  const { AlicloudClient, accessKey, lastValueFrom, of } = await import('/script.js');
  const service = {
    product: 'Ecs',
    version: '2014-05-26',
    endpoints: { prefix: 'ecs', rule: 'regional', regions: {} },
  };
  const put = { service, action: 'PutBytes', path: '/put', body: 'body=a', bodyType: 'bytes', response: 'a' };
  const client = new AlicloudClient({
    regionId: 'cn-hangzhou',
    credentials: accessKey('an-id', 'a-secret'),
    allowAccessKeyInBrowser: true,
    transport: { send: () => of({ status: 200, headers: {}, body: '{}' }) },
  });
  const body = new Uint8Array(length);
  globalThis.call = () => lastValueFrom(client.call(put, { body }));
  globalThis.tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask' });
  await call();
}

/** In the page. Long tasks are those of 50 ms and more: where there was none, it is 0. */
async function measure(times) {
  const quiet = () => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve, 200)));
  const measured = [];
  for (let time = 0; time < times; time++) {
    await quiet();
    const begin = performance.now();
    await call();
    const end = performance.now();
    await quiet();
    const meanwhile = tasks.filter(({ startTime, duration }) => startTime < end && startTime + duration > begin);
    measured.push({ took: end - begin, longest: Math.max(0, ...meanwhile.map(({ duration }) => duration)) });
  }
  return { hasWebCrypto: crypto.subtle !== undefined, measured };
}

/** The most time of a processor that one task of the page's main thread took, in ms: what else the machine does is none of it. */
function longestOf(trace) {
  const { traceEvents } = JSON.parse(trace);
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const times = traceEvents
    .filter(({ name, pid, tid }) => /RunTask$/.test(name) && mains.some((main) => main.pid === pid && main.tid === tid))
    .map(({ tdur = 0 }) => tdur / 1000);
  if (times.length === 0) throw new Error('The trace has no task');
  return Math.max(...times);
}

const key = new X509Certificate(fixture('server.pem')).publicKey.export({ type: 'spki', format: 'der' });
const browser = await chromium.launch({
  executablePath: execFileSync(process.execPath, ['scripts/chromium.mjs'], { encoding: 'utf8' }).trim(),
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--host-resolver-rules=MAP *.test 127.0.0.1',
    `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
  ],
});
try {
  for (const scheme of ['http', 'https']) {
    const server =
      scheme === 'http'
        ? createServer(listener)
        : createTlsServer({ key: fixture('server.key'), cert: fixture('server.pem') }, listener);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const page = await browser.newPage();
    await page.goto(`${scheme}://app.test:${server.address().port}/`);
    await page.evaluate(prepare, megabytes * 1e6);
    await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
    const { hasWebCrypto, measured } = await page.evaluate(measure, rounds);
    const processor = longestOf((await browser.stopTracing()).toString());
    const sorted = (of) => measured.map((round) => Math.round(round[of])).sort((a, b) => a - b);
    const [took, longest] = [sorted('took'), sorted('longest')];
    console.log(
      `${scheme} (${hasWebCrypto ? 'WebCrypto' : 'slice by slice'}): ${megabytes} MB in ${took[rounds / 2]} ms (median). ` +
        `Longest task: ${processor.toFixed(1)} ms of a processor; on the clock, call by call, 0 for none above 50: ${longest.join(' ')}`,
    );
    await page.close();
    server.closeAllConnections();
    server.close();
  }
} finally {
  await browser.close();
}

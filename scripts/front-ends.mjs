// Builds each of `examples/front-ends` with the packed SDK, and uses it in Chromium, with the gateway and the emulator behind.
// Prints what came of it, and fails where anything is amiss: a warning of a tool, a word on the console, a call too many, one that
// is not cancelled, code or a key that does not belong into a page. `--only react,next` takes some of them.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { chromium } from 'playwright-core';
import Table from 'cli-table3';
import { openCloud } from './front-ends/cloud.mjs';
import { install } from './front-ends/install.mjs';
import { visit } from './front-ends/page.mjs';
import { complaintsIn, freePort, start } from './processes.mjs';
import { serve } from './front-ends/serve.mjs';
import { checkHandlers, checkServer, handlers, serverBundles } from './front-ends/server-bundles.mjs';
import { weigh } from './front-ends/weight.mjs';
import { packed } from './packed.mjs';

const run = promisify(execFile);

const vite = {
  mapped: ['--sourcemap', 'hidden'],
  output: 'dist',
  dev: (port) => ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', `${port}`, '--strictPort'],
};
const next = {
  output: '.next/static',
  start: (port) => ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', `${port}`],
  dev: (port) => ['node_modules/next/dist/bin/next', 'dev', '--hostname', '127.0.0.1', '--port', `${port}`],
};
/** How each is built with source maps, where its files are, and how its servers are started, where it brings some. */
const frontEnds = {
  react: { bundler: 'Vite with React', ...vite },
  vue: { bundler: 'Vite with Vue', ...vite },
  svelte: { bundler: 'Vite with Svelte', ...vite },
  webpack: { bundler: 'webpack', mapped: ['--devtool', 'hidden-source-map'], output: 'dist' },
  next: { bundler: 'Next.js, Turbopack', ...next },
  'next-webpack': { bundler: 'Next.js, webpack', ...next, example: 'next', mapped: ['--webpack'] },
};

/** Only signing has these: header, algorithms, and the first word of SHA-256's initial state. */
const signing = /ACS3-HMAC-SHA256|HMAC-SHA1|x-acs-signature-nonce|1779033703|0x6a09e667/i;

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const all = { ...frontEnds, ...serverBundles, handlers };
const names = values.only?.split(',') ?? Object.keys(all);
const unknown = names.filter((name) => !(name in all));
if (unknown.length > 0) throw new Error(`Expected --only to be of ${Object.keys(all).join(', ')}, got ${unknown}`);

const { stdout: executablePath } = spawnSync(process.execPath, ['scripts/chromium.mjs'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({
  executablePath: executablePath.trim(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
const cloud = await openCloud();
const tarball = packed();
const table = new Table({
  head: ['bundler', 'ours, gz', 'on demand', 'rxjs, gz', 'warnings', 'result'],
  style: { head: [], border: [], compact: true },
});
const faultsOf = {};

for (const name of names) {
  const begun = performance.now();
  const report = await reportOf(name).catch((error) => ({
    warnings: [],
    faults: [error.stack, error.stdout, error.stderr].filter((text) => text),
  }));
  const faults = [...report.warnings, ...report.faults];
  const result =
    faults.length === 0 ? `✓ ${((performance.now() - begun) / 1000).toFixed(0)} s` : `✗ ${faults.length} faults`;
  const { bundler } = all[name];
  table.push([bundler, report.ours ?? '', report.later ?? '', report.rxjs ?? '', report.warnings.length, result]);
  console.error(`${bundler}: ${result}`);
  if (faults.length > 0) faultsOf[name] = faults;
}

await browser.close();
await cloud.close();
console.log(table.toString());
for (const [name, faults] of Object.entries(faultsOf)) console.log(`\n${name}:\n${faults.join('\n')}`);
process.exitCode = Object.keys(faultsOf).length === 0 ? 0 : 1;

function reportOf(name) {
  if (name === 'handlers') return checkMounted();
  return name in serverBundles ? checkBundle(serverBundles[name]) : check(name);
}

async function check(name) {
  const frontEnd = frontEnds[name];
  const folder = await install(frontEnd.example ?? name, tarball);
  const { stdout, stderr } = await run('npm', ['run', '--silent', 'build', '--', ...(frontEnd.mapped ?? [])], {
    cwd: folder,
    env: environment({ SOURCE_MAPS: 'true' }),
  });
  const warnings = complaintsIn(stdout + stderr);
  const files = filesIn(resolve(folder, frontEnd.output));
  const served = await visitServed(frontEnd, folder);
  const developed = frontEnd.dev === undefined ? { faults: [] } : await visitDeveloped(frontEnd, folder);
  const [loaded, used] = [served.scriptsAtFirst, served.scripts].map(
    (paths) => new Set(paths.map((path) => basename(path))),
  );
  const atOnce = weigh(files.filter(({ name }) => loaded.has(name)));
  const later = weigh(files.filter(({ name }) => !loaded.has(name)));
  return {
    warnings,
    faults: [
      ...served.faults,
      ...developed.faults.map((fault) => `in development: ${fault}`),
      ...files.flatMap(({ name, code }) => keysIn(code, name)),
      ...keysIn(served.traffic.join('\n'), 'the traffic'),
      // Chunks with what signs may be there: nothing loads them.
      ...files.filter(({ name }) => used.has(name)).flatMap(({ name, code }) => signingIn(code, name)),
    ],
    ours: kB(atOnce.ours),
    later: kB(later.ours),
    rxjs: kB(atOnce.rxjs),
  };
}

async function checkBundle(bundle) {
  return checkServer(bundle, await install(bundle.example, tarball), { endpoint: cloud.url, ...cloud.credentials });
}

async function checkMounted() {
  return checkHandlers(await install(handlers.example, tarball), environment(cloud.env));
}

async function visitServed(frontEnd, folder) {
  if (frontEnd.start !== undefined) return visitProcess(frontEnd.start, folder, await freePort());
  const server = await serve(cloud, { folder: join(folder, frontEnd.output) });
  try {
    return await visit({ browser, cloud, origin: server.origin });
  } finally {
    await server.close();
  }
}

async function visitDeveloped(frontEnd, folder) {
  const port = await freePort();
  const gateway = await serve(cloud, { pagesFrom: `http://127.0.0.1:${port}` });
  try {
    return await visitProcess(frontEnd.dev, folder, port, { GATEWAY: gateway.origin });
  } finally {
    await gateway.close();
  }
}

async function visitProcess(command, folder, port, more = {}) {
  const env = environment({ ...cloud.env, ...more, ORIGIN: `http://127.0.0.1:${port}` });
  const server = await start(process.execPath, command(port), { cwd: folder, port, env });
  try {
    const visited = await visit({ browser, cloud, origin: server.origin });
    return { ...visited, faults: [...visited.faults, ...server.complaints()] };
  } finally {
    await server.stop();
  }
}

/** Nothing that says more of this machine than a tool needs, and no word to its maker. */
function environment(more) {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', ...more };
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.name.endsWith('.js'))
    .map(({ name, parentPath }) => {
      const code = readFileSync(join(parentPath, name), 'utf8');
      // Bundlers that hide the map name it after the file.
      const map = join(parentPath, /\/\/# sourceMappingURL=(\S+)\s*$/.exec(code)?.[1] ?? `${name}.map`);
      return { name, code, map: existsSync(map) ? JSON.parse(readFileSync(map, 'utf8')) : undefined };
    });
}

function keysIn(text, where) {
  return cloud.secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} is in ${where}`);
}

function signingIn(text, where) {
  const found = signing.exec(text);
  return found === null ? [] : [`what signs (${found[0]}) is in ${where}, which the page has loaded`];
}

function kB(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

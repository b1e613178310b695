/**
 * A list of a million instances, over HTTP, from the emulator in a process of its own: the first five cost one request, all of
 * them as many as there are pages, and the heap stays flat. `npm run bench:pages`, or `npm run bench:pages -- --items 10000000`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { lastValueFrom, take, tap, toArray } from 'rxjs';
import { accessKey, AlicloudClient } from 'rx-alicloud';
import { describeInstances } from 'rx-alicloud/ecs';

const { values } = parseArgs({ options: { items: { type: 'string', default: '1000000' } } });
const items = Number(values.items);
const size = 100;
const key = { accessKeyId: 'LTAI-pages', accessKeySecret: 'a-secret-of-pages' };

const server = fork(new URL('pages-server.mjs', import.meta.url), [JSON.stringify([key, items])], { execArgv: [] });
const [endpoint] = await once(server, 'message');
const client = new AlicloudClient({
  regionId: 'cn-hangzhou',
  endpoint,
  credentials: accessKey(key.accessKeyId, key.accessKeySecret),
});
let failed = false;

const first = await requestsDuring(() => lastValueFrom(client.items(describeInstances, {}).pipe(take(5), toArray())));
report('the first five', `${first.requests} request`, first.result.length === 5 && first.requests === 1);
for (const [name, request, concurrency] of [
  ['by token', { MaxResults: size }, 1],
  ['by number', { PageSize: size }, 1],
  ['by number, eight pages at a time', { PageSize: size }, 8],
]) {
  const { result, requests } = await requestsDuring(() => drain(request, concurrency));
  const { seconds, heaps, count, distinct } = result;
  const growth = Math.max(...heaps.slice(5)) / Math.max(...heaps.slice(0, 5));
  report(
    name,
    `${count} items in ${requests} requests, ${Math.round(count / seconds)} a second, heap ${heaps.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ')} MB`,
    count === items && distinct && requests === Math.ceil(items / size) && growth < 1.2,
  );
}
await lastValueFrom(client.close(), { defaultValue: undefined });
server.disconnect();
console.log(failed ? 'FAILED' : 'passed');
process.exitCode = failed ? 1 : 0;

async function drain(request, concurrency) {
  const started = performance.now();
  const heaps = [];
  let [count, distinct] = [0, true];
  await lastValueFrom(
    client.items(describeInstances, request, { concurrency }).pipe(
      tap(({ InstanceId }) => {
        // Their ids end in their numbers.
        count++;
        distinct &&= InstanceId.endsWith(`-${count}`);
        if (count % Math.ceil(items / 10) === 0) heaps.push(usedHeap());
      }),
    ),
  );
  return { seconds: (performance.now() - started) / 1000, heaps, count, distinct };
}

async function requestsDuring(work) {
  const before = await requestsSoFar();
  const result = await work();
  return { result, requests: (await requestsSoFar()) - before };
}

async function requestsSoFar() {
  server.send('report');
  const [requests] = await once(server, 'message');
  return requests;
}

function usedHeap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function report(name, figures, passed) {
  console.log(`${name}: ${figures}${passed ? '' : '  FAILED'}`);
  failed ||= !passed;
}

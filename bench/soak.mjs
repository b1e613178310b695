/**
 * Many calls through the pool, over HTTP, against the emulator in a process of its own: each is answered once, the heap
 * stays flat and no socket is left. `npm run soak`, or `npm run soak -- --calls 1000000`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { lastValueFrom, map, tap } from 'rxjs';
import { accessKey, mergeMapFrom } from 'rx-alicloud';
import { EcsClient } from 'rx-alicloud/ecs';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '100000' } } });
const calls = Number(values.calls);
const poolSize = 50;
const maxTaskQueueSize = 1000;
const key = { accessKeyId: 'LTAI-soak', accessKeySecret: 'a-secret-to-soak' };

const server = fork(new URL('soak-server.mjs', import.meta.url), [JSON.stringify(key)], { execArgv: [] });
const [url] = await once(server, 'message');
const client = new EcsClient({
  endpoint: url,
  credentials: accessKey(key.accessKeyId, key.accessKeySecret),
  enableAsync: true,
  poolSize,
  maxTaskQueueSize,
});

const answers = new Uint8Array(calls);
const heaps = [];
const cpu = process.cpuUsage();
const started = performance.now();
let done = 0;

await lastValueFrom(
  mergeMapFrom(answers.keys(), (number) => client.describeRegions({}).pipe(map(() => number)), poolSize + 100).pipe(
    tap((number) => {
      answers[number]++;
      if (++done % Math.ceil(calls / 10) === 0) heaps.push(usedHeap());
    }),
  ),
);

const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
await lastValueFrom(client.shutdown(), { defaultValue: undefined });
server.send('report');
const [{ open, accepted, executed }] = await once(server, 'message');
server.disconnect();

const eachOnce = answers.every((count) => count === 1) && executed === calls;
const growth = Math.max(...heaps.slice(5)) / Math.max(...heaps.slice(0, 5));
console.log(`calls              ${calls} in ${seconds.toFixed(1)} s, ${Math.round(calls / seconds)} a second`);
console.log(`client CPU         ${Math.round((user + system) / calls)} µs a call`);
console.log(`answered           ${eachOnce ? 'each exactly once' : 'NOT each exactly once'}`);
console.log(`heap, collected    ${heaps.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ')} MB`);
console.log(`connections        ${accepted} made, ${open} left`);
const failed = !eachOnce || open > 0 || accepted > poolSize || growth > 1.2;
console.log(failed ? 'FAILED' : 'passed');
process.exitCode = failed ? 1 : 0;

function usedHeap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

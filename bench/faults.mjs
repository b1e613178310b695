/**
 * A storm over HTTP against the emulator in a process of its own: throttles, failures, broken connections, silence,
 * expired credentials, clocks that jump, callers that leave. Each call ends once, nothing that must not be repeated is
 * executed twice, and nothing is left open. `npm run faults`, or `npm run faults -- --calls 100000 --seed 7`; `--troubles` names
 * those of `spec/session/storm/plan.ts`, `all` or `none`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { accessKey, RateLimiter } from 'rx-alicloud';
import { ecsRamRole } from 'rx-alicloud/credentials';
import { EcsClient } from 'rx-alicloud/ecs';
import { StsClient } from 'rx-alicloud/sts';
import { leftBehind, storm } from '../spec/session/storm/storm.js';
import { troublesNamed } from '../spec/session/storm/plan.js';
import { judge } from '../spec/session/storm/verdict.js';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    troubles: { type: 'string' },
  },
});
const calls = Number(values.calls);
const troubles = troublesNamed(values.troubles);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
console.log(`seed ${seed}: npm run faults -- --calls ${calls} --seed ${seed} --troubles ${values.troubles ?? 'all'}`);

const child = fork(new URL('faults-server.mjs', import.meta.url), [String(seed), values.troubles ?? 'all'], {
  execArgv: [],
});
const [{ url, metadata }] = await once(child, 'message');
const before = process.getActiveResourcesInfo();

const heaps = [];
const aftermath = await storm({
  calls,
  seed,
  troubles,
  sdk: { accessKey, RateLimiter, EcsClient, StsClient, ecsRamRole },
  server: {
    url,
    metadata,
    advance: (duration) => void ask('advance', duration),
    calm: () => ask('calm'),
    report: () => ask('report'),
  },
  onEnd: (ended) => ended % Math.ceil(calls / 10) === 0 && heaps.push(usedHeap()),
});
const left = await leftBehind(before);
child.disconnect();

const { problems, table } = judge(aftermath);
if (left.length > 0) problems.push(`left in this process: ${left.join(', ')}`);
// What the storm writes down of each call grows with the calls: some 300 bytes.
const growth = Math.max(...heaps.slice(5)) - Math.max(...heaps.slice(0, 5));
if (growth > 2e6 + calls * 300) problems.push(`the heap has grown by ${megabytes(growth)} MB in the second half`);

console.log(table);
console.log(`heap, collected    ${heaps.map(megabytes).join(' ')} MB`);
for (const problem of problems.slice(0, 50)) console.error(`✗ ${problem}`);
if (problems.length > 50) console.error(`✗ and ${problems.length - 50} more`);
console.log(problems.length === 0 ? 'passed' : `FAILED: ${problems.length} problems, seed ${seed}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Calls a method of the server in the other process. */
async function ask(name, argument) {
  const id = (ask.last = (ask.last ?? 0) + 1);
  child.send({ id, name, argument });
  for (;;) {
    const [answer] = await once(child, 'message');
    if (answer.id === id) return answer.result;
  }
}

function usedHeap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

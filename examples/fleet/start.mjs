/**
 * Three workers and two producers share one queue. A worker is killed while it runs, another takes its place, and every call
 * ends for its caller all the same: `npm run example:fleet`.
 */
import { fork } from 'node:child_process';
import { createEmulator } from 'rx-alicloud/testing';
import { filter, firstValueFrom, fromEvent, map } from 'rxjs';
import { startRedis } from './redis.mjs';
import { show } from './table.mjs';

const calls = 1000;
const key = { accessKeyId: 'LTAI-demo', accessKeySecret: 'a-secret-for-the-demo' };

const redis = await startRedis();
const emulator = createEmulator({ credentials: key, latency: 50 });
const { url } = await emulator.listen();
const place = { redis: redis.port, url, key, poolSize: 30, maxTaskQueueSize: 1000 };

const children = new Map();
/** What each process has told last, by its name. */
const told = new Map();

function start(program, name, options = {}) {
  const child = fork(new URL(`${program}.mjs`, import.meta.url), [JSON.stringify({ ...place, ...options })]);
  children.set(name, child);
  told.set(name, { pid: child.pid, state: 'starting' });
  const tell = (news) => told.set(name, { ...told.get(name), ...news });
  child.on('message', tell);
  child.once('exit', (_code, signal) => tell({ state: signal === 'SIGKILL' ? 'killed' : 'ended', running: 0 }));
  return child;
}

const until = (child, condition) =>
  firstValueFrom(
    fromEvent(child, 'message').pipe(
      map(([message]) => message),
      filter(condition),
    ),
  );

const table = show(told);
const workers = ['worker 1', 'worker 2', 'worker 3'];
await Promise.all(workers.map((name) => until(start('worker', name), ({ state }) => state === 'works')));

const each = calls / 2;
const producers = ['producer 1', 'producer 2'].map((name, index) =>
  start('producer', name, { from: index * each, calls: each }),
);
const reports = producers.map((producer) => until(producer, ({ report }) => report !== undefined));

// With calls in it: nothing warns it, and nothing is tidied up.
await until(producers[0], ({ ended }) => ended >= each / 4);
children.get('worker 1').kill('SIGKILL');
start('worker', 'worker 4');

const outcomes = (await Promise.all(reports)).flatMap(({ report }) => report);
for (const child of children.values()) if (child.connected) child.send('close');
const running = [...children.values()].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
await Promise.all(running.map((child) => firstValueFrom(fromEvent(child, 'exit'))));
table.stop();

await emulator.close();
await redis.close();

const times = new Map();
for (const { marker } of emulator.executions) times.set(marker, (times.get(marker) ?? 0) + 1);
const lost =
  outcomes.filter(({ how, marker }) => how === 'value' && !times.has(marker)).length + calls - outcomes.length;
const twice = outcomes.filter(({ isWrite, marker }) => isWrite && times.get(marker) > 1).length;
const unknown = outcomes.filter(({ how }) => how === 'SDK.OutcomeUnknown').length;
console.log(`${calls} calls, ${outcomes.length} ended, ${lost} lost, ${twice} executed twice`);
console.log(`At most ${emulator.peakActiveRequests} ran at a time, of ${place.poolSize}.`);
if (unknown > 0)
  console.log(`Of ${unknown} writes without a ClientToken, which the killed worker had, the outcome is unknown.`);
process.exitCode = lost + twice === 0 ? 0 : 1;

/**
 * One queue in a process of its own. `time`: batches of so many tasks, all submitted at once. `memory`: what so many cost
 * that only wait. `cancel`: so many that wait are unsubscribed from, one after another. Told by its arguments, and says one thing.
 */
import { setTimeout } from 'node:timers/promises';
import { PerformanceObserver } from 'node:perf_hooks';
import { AlicloudClient, accessKey } from 'rx-alicloud';
import { describeRegions } from 'rx-alicloud/ecs';
import { NEVER } from 'rxjs';
import { concurrency, queues } from './queues.mjs';

const warmUpTasks = 200_000;

const [what, name] = process.argv.slice(2);
const length = Number(process.argv[4]);
/** Who hears of the results now: operators have one listener for all tasks. */
let current;
const forward = (result) => current(result);

const measures = { time, memory, cancel, calls: memoryOfCalls };
process.send(await measures[what]());

async function time() {
  const submit = await queues[name].make(length);
  for (let done = 0; done < warmUpTasks; done += 1000) await batch(submit, 1000);
  globalThis.gc();
  const collecting = await watchCollections();
  // The small batches are many, so that their garbage is collected within what is measured.
  const batches = Math.max(1, Math.round(300_000 / length));
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let i = 0; i < batches; i++) await batch(submit, length);
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const tasks = batches * length;
  return {
    rate: (tasks / milliseconds) * 1000,
    microseconds: (milliseconds / tasks) * 1000,
    collecting: ((await collecting()) / tasks) * 1000,
    cpu: (user + system) / tasks,
    rss: process.resourceUsage().maxRSS * 1024,
  };
}

/** Ends with a function that gives the milliseconds that went into garbage collections since. */
async function watchCollections() {
  let milliseconds = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) milliseconds += duration;
  });
  observer.observe({ entryTypes: ['gc'] });
  // What is observed comes a moment later, that of the collection just made too.
  await setTimeout(50);
  const before = milliseconds;
  return async () => {
    await setTimeout(50);
    observer.disconnect();
    return milliseconds - before;
  };
}

/** Submits all at once; ends when the last result is there, and only if all came. */
function batch(submit, size) {
  return new Promise((resolve, reject) => {
    let left = size;
    let sum = 0;
    const done = (result) => {
      sum += result;
      if (--left > 0) return;
      if (sum === (size * (size - 1)) / 2) resolve();
      else reject(new Error(`${name}: the results are not those of the tasks`));
    };
    current = done;
    for (let task = 0; task < size; task++) submit(task, forward);
  });
}

/** Bytes on the heap for each task that waits behind those that run and don't end. */
async function memory() {
  const submit = await queues[name].make(length);
  const fill = () => {
    for (let i = 0; i < concurrency; i++) submit(-1, forward);
  };
  return { bytes: bytesOfEach(fill, (task) => submit(task, forward)) };
}

/** Microseconds for each of those that are cancelled in the order in which they came. */
async function cancel() {
  const batches = Math.max(1, Math.round(300_000 / length));
  let milliseconds = 0;
  // Once before it counts.
  for (let i = -1; i < batches; i++) {
    const submit = await queues[name].make(length);
    for (let task = 0; task < concurrency; task++) submit(-1, forward);
    const waiting = Array.from({ length }, (_, task) => submit(task, forward));
    const started = performance.now();
    for (const subscription of waiting) subscription.unsubscribe();
    if (i >= 0) milliseconds += performance.now() - started;
  }
  return { microseconds: (milliseconds * 1000) / (batches * length) };
}

/** The same of whole calls of a client, whose one running call is never answered. */
function memoryOfCalls() {
  const client = new AlicloudClient({
    endpoint: 'http://127.0.0.1:1',
    regionId: 'cn-hangzhou',
    credentials: accessKey('LTAI-of-the-bench', 'a-secret-of-the-bench'),
    transport: { send: () => NEVER },
    timeout: 0,
    enableAsync: true,
    poolSize: 1,
    maxTaskQueueSize: length,
  });
  const call = () => client.call(describeRegions, {}).subscribe(forward);
  return { bytes: bytesOfEach(call, call) };
}

/** `fill` takes all places, so that what `add` adds only waits. */
function bytesOfEach(fill, add) {
  fill();
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < length; i++) add(i);
  globalThis.gc();
  return (process.memoryUsage().heapUsed - before) / length;
}

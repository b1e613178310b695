/**
 * What a fleet costs its Redis as it grows: a call with few producers and with many, what is kept of a call that has ended, and a
 * question for leases. `npm run bench:fleet-size`; `-- --docs` keeps the figures in bench/fleet/size.json, which `npm run docs:fleet`
 * makes the tables of docs/distributed.md of; `-- --quick` to see whether it runs.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { RateLimiter } from 'rx-alicloud';
import { alicloudWorker, bullmqDispatcher } from 'rx-alicloud/bullmq';
import { EcsClient } from 'rx-alicloud/ecs';
import { redisStore } from 'rx-alicloud/redis';
import { forkJoin, from, lastValueFrom, mergeMap, range, repeat, scan, takeUntil, timer } from 'rxjs';
import { findRedis, startRedis } from '../../spec/support/redis-server.js';
import { clientOf } from './call.mjs';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, docs: { type: 'boolean', default: false } },
});
const { quick } = values;
const calls = quick ? 200 : 3000;
const seconds = quick ? 1 : 5;

const path = findRedis();
if (path === undefined) throw new Error('Expected a redis-server, and found none');
const redis = await startRedis({ path });
const admin = new Redis(redis.socket);
try {
  const queue = [];
  for (const producers of [1, 11, 51]) queue.push(await measureQueue(producers));
  const limiter = [];
  for (const [limit, processes] of [
    [50, 1],
    [50, 10],
    [1000, 1],
    [1000, 10],
    [10_000, 10],
  ]) {
    limiter.push(await measureLimit(limit, processes));
  }
  const { model: cpu = 'unknown' } = cpus()[0] ?? {};
  const machine = { date: new Date().toISOString().slice(0, 10), node: process.version, cpu, cores: cpus().length };
  console.table(queue);
  console.table(limiter);
  if (values.docs) writeFileSync('bench/fleet/size.json', `${JSON.stringify({ machine, queue, limiter }, null, 2)}\n`);
} finally {
  admin.disconnect();
  await redis.close();
}

/** One producer calls; all of them hear of it. */
async function measureQueue(producers) {
  await admin.flushall();
  const place = { connection: { path: redis.socket }, queueName: `of-${producers}` };
  const options = { regionId: 'cn-hangzhou', enableAsync: true, poolSize: 50, dispatcher: bullmqDispatcher(place) };
  const clients = Array.from({ length: producers }, () => new EcsClient(options));
  const maker = clientOf({ work: 'none', url: 'http://127.0.0.1' });
  const worker = alicloudWorker({ ...place, clients: [maker], concurrency: 50 });
  const [client] = clients;
  const make = (count) => lastValueFrom(range(0, count).pipe(mergeMap(() => client.describeRegions({}), 100)));
  // All listen once each has had an answer.
  const [answer] = await lastValueFrom(forkJoin(clients.map((each) => each.describeRegions({}))));
  await make(Math.min(calls, 500));
  const before = await readRedis();
  await make(calls);
  const after = await readRedis();
  await Promise.all([worker, ...clients].map((each) => lastValueFrom(each.close(), { defaultValue: undefined })));
  return {
    producers,
    bytesOfAnswer: JSON.stringify(answer).length,
    cpuPerCall: Math.round(((after.cpu - before.cpu) / calls) * 1e6),
    bytesOutPerCall: Math.round((after.sent - before.sent) / calls),
    bytesKeptPerCall: Math.round((after.memory - before.memory) / calls),
  };
}

/** Each of the processes is a limiter with a connection of its own, and has more calls than it may start. */
async function measureLimit(limit, processes) {
  await admin.flushall();
  let questions = 0;
  const limits = [{ by: ['operation'], rate: { limit, interval: 1000 } }];
  const connections = Array.from({ length: processes }, () => new Redis(redis.socket));
  const clients = connections.map((connection) => {
    const call = connection.call.bind(connection);
    connection.call = (...command) => {
      questions++;
      return call(...command);
    };
    const rateLimiter = new RateLimiter({ limits, store: redisStore({ connection }) });
    return clientOf({ work: 'none', url: 'http://127.0.0.1', more: { rateLimiter, maxRetryAfter: 0 } });
  });
  const before = await readRedis();
  const calling$ = from(clients).pipe(
    mergeMap((client) => range(0, 20).pipe(mergeMap(() => client.describeRegions({}).pipe(repeat())))),
    scan((count) => count + 1, 0),
    takeUntil(timer(seconds * 1000)),
  );
  const made = await lastValueFrom(calling$);
  const after = await readRedis();
  for (const client of clients) client.close();
  for (const connection of connections) connection.disconnect();
  return {
    limit,
    processes,
    used: Math.round((made / seconds / limit) * 100) / 100,
    questionsPerSecond: Math.round(questions / seconds),
    callsPerQuestion: Math.round((made / questions) * 10) / 10,
    cpuPerQuestion: Math.round(((after.cpu - before.cpu) / questions) * 1e6),
  };
}

async function readRedis() {
  const info = await admin.info('all');
  const read = (name) => Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)[1]);
  return {
    cpu: read('used_cpu_user') + read('used_cpu_sys'),
    sent: read('total_net_output_bytes'),
    memory: read('used_memory'),
  };
}

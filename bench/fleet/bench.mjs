/**
 * What the fleet's queue costs: calls through `bullmqDispatcher` and `alicloudWorker` beside the same calls made by BullMQ used
 * directly, with the same settings; what one Redis carries; what the batch of leases does to it. `npm run bench:fleet`, with
 * `-- --quick` to see whether it runs, `-- --docs` to keep the figures in bench/fleet/results.json. It takes a minute or two.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { Redis } from 'ioredis';
import { findRedis, startRedis } from '../../spec/support/redis-server.js';
import { median } from '../report/statistics.ts';
import { place } from './call.mjs';
import { measureLeases } from './leases.mjs';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, docs: { type: 'boolean', default: false } },
});
const { quick } = values;
const calls = quick ? 300 : 1500;
const rounds = quick ? 1 : 7;
const waitingJobs = quick ? 500 : 5000;
const window = 200;
/** How much of BullMQ's own throughput must be left. */
const must = 0.8;

const path = findRedis();
if (path === undefined) throw new Error('Expected a redis-server, and found none');
const children = new Set();
const redises = new Set();
const admins = new Set();
try {
  const [{ url }] = await once(start('server'), 'message');
  const throughput = [];
  for (const work of ['http', 'none']) throughput.push(await compare(work, url));
  const redis = { ...(await carried(url)), ...(await waiting(url)) };
  progress('waiting');
  const leases = await measureLeases(path, quick);
  const results = { machine: machine(), throughput, redis, leases };
  print(results);
  if (values.docs) writeFileSync('bench/fleet/results.json', `${JSON.stringify(results, null, 2)}\n`);
  const missed = throughput.filter(({ ratio }) => ratio < must);
  for (const { work, ratio } of missed)
    console.error(`MISSED: ${work}: ${ratio.toFixed(2)} of BullMQ's own throughput, and it must be ${must}`);
  process.exitCode = missed.length > 0 && !quick ? 1 : 0;
} finally {
  for (const admin of admins) admin.disconnect();
  for (const child of children) child.disconnect();
  for (const redis of redises) await redis.close();
}

/** Rounds of both ways in turn, each with a Redis and processes of its own, so that what one round meets the other does, too. */
async function compare(work, url) {
  const ways = {};
  for (const way of ['bullmq', 'fleet'])
    ways[way] = { ...(await open(way, work, url)), rates: [], cpu: [], ofRedis: [] };
  for (const { producer } of Object.values(ways)) await ask(producer, { calls: Math.min(calls, 1000), window });
  for (let round = 0; round < rounds; round++) {
    const order = Object.entries(ways);
    for (const [, way] of round % 2 === 0 ? order : order.reverse()) {
      const before = await used(way.worker);
      const redisBefore = await redisCpu(way.admin);
      const { seconds, cpu } = await ask(way.producer, { calls, window });
      const after = await used(way.worker);
      way.rates.push(calls / seconds);
      way.cpu.push((after - before + cpu) / calls);
      way.ofRedis.push(((await redisCpu(way.admin)) - redisBefore) / calls);
    }
  }
  const { bullmq, fleet } = ways;
  const ratio = median(fleet.rates.map((rate, round) => rate / bullmq.rates[round]));
  // What other work on the machine takes, it takes of neither.
  const cpuOf = ({ cpu, ofRedis }) => median(cpu.map((used, round) => used + ofRedis[round] * 1e6));
  const cpuRatio = cpuOf(bullmq) / cpuOf(fleet);
  const of = ({ rates, cpu, ofRedis }) => ({
    rate: Math.round(median(rates)),
    cpu: Math.round(median(cpu)),
    redisCpu: Math.round(median(ofRedis) * 1e6),
  });
  await Promise.all(Object.values(ways).map(({ close }) => close()));
  progress(`${work}: ${ratio.toFixed(2)}, by CPU ${cpuRatio.toFixed(2)}`);
  return { work, bullmq: of(bullmq), fleet: of(fleet), ratio, cpuRatio };
}

async function open(way, work, url) {
  const redis = await startRedis({ path, config: { appendonly: 'yes' } });
  redises.add(redis);
  const options = { way, work, url, connection: { path: redis.socket } };
  const worker = work === undefined ? undefined : await ready(start('worker', options));
  const producer = await ready(start('producer', options));
  const admin = new Redis(redis.socket);
  admins.add(admin);
  return {
    redis,
    worker,
    producer,
    admin,
    async close() {
      admin.disconnect();
      for (const child of [worker, producer]) {
        if (child === undefined) continue;
        children.delete(child);
        child.disconnect();
        await once(child, 'exit');
      }
      redises.delete(redis);
      await redis.close();
    },
  };
}

/** The CPU time of a worker, in microseconds. */
async function used(worker) {
  return (await ask(worker, {})).cpu;
}

/** What a call costs Redis: its CPU time, commands that come over the wire, and those that scripts call. */
async function carried(url) {
  const way = await open('fleet', 'none', url);
  await ask(way.producer, { calls: Math.min(calls, 1000), window });
  const before = await redisCpu(way.admin);
  await ask(way.producer, { calls, window });
  const cpu = ((await redisCpu(way.admin)) - before) / calls;
  const sample = quick ? 200 : 1000;
  const watched = await watch(way.redis.socket);
  await ask(way.producer, { calls: sample, window });
  const { commands, inScripts } = watched.end();
  await way.close();
  return {
    cpuPerCall: Math.round(cpu * 1e6),
    callsPerCore: Math.round(1 / cpu),
    commandsPerCall: Math.round((commands / sample) * 10) / 10,
    commandsInScriptsPerCall: Math.round((inScripts / sample) * 10) / 10,
  };
}

/** Counts the commands that Redis executes, until its end. */
async function watch(path) {
  const socket = connect({ path });
  socket.write('MONITOR\r\n');
  const [ok] = await once(socket, 'data');
  let text = String(ok);
  socket.on('data', (data) => (text += String(data)));
  return {
    end() {
      socket.destroy();
      // Such as `+1700000000.123456 [0 lua] "hget" "key"`.
      const sources = [...text.matchAll(/^\+\d+\.\d+ \[\d+ (\S+)\]/gm)].map(([, source]) => source);
      const inScripts = sources.filter((source) => source === 'lua').length;
      return { commands: sources.length - inScripts, inScripts };
    },
  };
}

/** What a call that waits takes of Redis' memory, in bytes. */
async function waiting(url) {
  const way = await open('fleet', undefined, url);
  const before = await usedMemory(way.admin);
  way.producer.send({ calls: waitingJobs, window: Infinity });
  while ((await way.admin.llen(`bull:${place.queueName}:wait`)) < waitingJobs) await new Promise(setImmediate);
  const bytesWaiting = Math.round(((await usedMemory(way.admin)) - before) / waitingJobs);
  await way.close();
  return { bytesWaiting };
}

async function redisCpu(admin) {
  const info = await admin.info('cpu');
  return Number(/used_cpu_user:(\S+)/.exec(info)[1]) + Number(/used_cpu_sys:(\S+)/.exec(info)[1]);
}

async function usedMemory(admin) {
  return Number(/used_memory:(\d+)/.exec(await admin.info('memory'))[1]);
}

function start(name, options = {}) {
  const child = fork(new URL(`${name}.mjs`, import.meta.url), [JSON.stringify(options)], { execArgv: [] });
  children.add(child);
  return child;
}

async function ready(child) {
  await once(child, 'message');
  return child;
}

async function ask(child, message) {
  child.send(message);
  const [answer] = await once(child, 'message');
  return answer;
}

function machine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
  };
}

function print({ throughput, redis, leases }) {
  const style = { head: [], border: [] };
  const rates = new Table({
    head: ['calls a second', 'BullMQ directly', 'fleet', 'ratio', 'by CPU', 'CPU a call', '', 'of Redis', ''],
    style,
  });
  for (const { work, bullmq, fleet, ratio, cpuRatio } of throughput) {
    const name = work === 'http' ? 'over HTTP, to the emulator' : 'answered at once';
    rates.push([
      name,
      bullmq.rate,
      fleet.rate,
      ratio.toFixed(2),
      cpuRatio.toFixed(2),
      ...[bullmq.cpu, fleet.cpu, bullmq.redisCpu, fleet.redisCpu].map((cpu) => `${cpu} µs`),
    ]);
  }
  console.log(rates.toString());
  const carries = new Table({ head: ['one Redis', ''], style });
  carries.push(
    ['CPU a call', `${redis.cpuPerCall} µs`],
    ['calls a second on one core, by that', redis.callsPerCore],
    ['commands a call', redis.commandsPerCall],
    ['commands a call, within scripts', redis.commandsInScriptsPerCall],
    ['memory of a call that waits', `${redis.bytesWaiting} bytes`],
  );
  console.log(carries.toString());
  const batches = new Table({ head: ['limit', 'processes', 'round trips per 1000 calls', 'calls a lease'], style });
  for (const { limit, processes, roundTrips, batch } of leases) {
    batches.push([`${limit}/s`, processes, roundTrips, batch]);
  }
  console.log(batches.toString());
}

function progress(text) {
  process.stderr.write(`  ${text}\n`);
}

/**
 * What the limiter costs a call where nothing is throttled: CPU a call, without one, with one as it is, with limits of this
 * process, and with those that processes share in Redis. In turns, so that what else the machine does falls on all.
 * `npm run bench:limiter`, or `-- --calls 20000 --rounds 15`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { Redis } from 'ioredis';
import { lastValueFrom, mergeMap, range } from 'rxjs';
import { RateLimiter, accessKey } from 'rx-alicloud';
import { EcsClient } from 'rx-alicloud/ecs';
import { redisStore } from 'rx-alicloud/redis';

if (isMainThread) await main();
else await serve();

/** Answers in a thread of its own, so that its CPU is not the client's. */
async function serve() {
  const body = JSON.stringify({ Regions: { Region: [] }, RequestId: 'r' });
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  parentPort.postMessage(server.address().port);
}

async function main() {
  const { values } = parseArgs({
    options: { calls: { type: 'string', default: '4000' }, rounds: { type: 'string', default: '21' } },
  });
  const calls = Number(values.calls);
  const rounds = Number(values.rounds);
  const most = 0.05;
  const worker = new Worker(new URL(import.meta.url));
  const [port] = await once(worker, 'message');
  const redis = await startRedis();
  const connection = new Redis(redis.socket);
  const limits = [{ rate: { limit: 1_000_000, interval: 1000 }, concurrency: 10_000 }];
  const kinds = [
    { name: 'none', rateLimiter: false },
    { name: 'as it is', rateLimiter: new RateLimiter() },
    { name: 'limits', rateLimiter: new RateLimiter({ limits }) },
    { name: 'limits in Redis', rateLimiter: new RateLimiter({ limits, store: redisStore({ connection }) }) },
  ].map(({ name, rateLimiter }) => ({
    name,
    costs: [],
    client: new EcsClient({
      endpoint: `http://127.0.0.1:${port}`,
      regionId: 'cn-hangzhou',
      credentials: accessKey('LTAI-bench', 'a-secret-of-a-bench'),
      rateLimiter,
    }),
  }));
  const round = async ({ client, costs }) => {
    const { user, system } = threadCpu();
    await lastValueFrom(range(calls).pipe(mergeMap(() => client.describeRegions({}), 20)));
    const after = threadCpu();
    costs.push((after.user + after.system - user - system) / calls);
  };
  // The first are compiled.
  for (const kind of [...kinds, ...kinds]) await round(kind);
  for (const kind of kinds) kind.costs.length = 0;
  for (let i = 0; i < rounds; i++) for (let k = 0; k < kinds.length; k++) await round(kinds[(i + k) % kinds.length]);

  let failed = false;
  console.log(`CPU a call, the median of ${rounds} rounds of ${calls} calls each, in turns\n`);
  for (const { name, costs } of kinds) {
    // Of the same round, so that what else the machine did is in both.
    const added = median(costs.map((cost, i) => cost / kinds[0].costs[i])) - 1;
    // Of limits it is told what they cost; the must is for those who have none.
    const misses = name === 'as it is' && added >= most;
    failed ||= misses;
    const more = name === 'none' ? '' : `${(100 * added).toFixed(1)} % more${misses ? '   MISSED' : ''}`;
    console.log(`${name.padEnd(18)} ${median(costs).toFixed(1).padStart(7)} µs   ${more}`);
  }
  console.log(failed ? `\nFAILED: less than ${100 * most} % more as it is` : '\npassed');
  connection.disconnect();
  redis.close();
  await worker.terminate();
  process.exitCode = failed ? 1 : 0;
}

/** Of the process without the server's thread, as far as Node tells them apart. */
function threadCpu() {
  return process.threadCpuUsage?.() ?? process.cpuUsage();
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

async function startRedis() {
  const found = spawnSync(process.execPath, ['scripts/redis.mjs'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const path = found.stdout.trim();
  if (path === '') throw new Error('There is no redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'limiter-'));
  const socket = join(folder, 'redis.sock');
  const server = spawn(path, ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of server.stdout) if (String(line).includes('ready to accept')) break;
  return {
    socket,
    close() {
      server.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}

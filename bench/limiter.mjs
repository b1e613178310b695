/**
 * What the limiter costs a call where nothing is throttled: CPU a call, without one, with one as it is, with limits of this
 * process, and with those that processes share in Redis. Real calls over HTTP to a server in a process of its own, in turns, so
 * that what else the machine does falls on all; half a second each, as leases have to be asked for anew after each pause.
 * `npm run bench:limiter`, or `-- --calls 2000 --rounds 61`.
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { lastValueFrom, mergeMap, range } from 'rxjs';
import { RateLimiter, accessKey } from 'rx-alicloud';
import { EcsClient } from 'rx-alicloud/ecs';
import { redisStore } from 'rx-alicloud/redis';
import { startRedis } from './redis.mjs';

if (process.argv[2] === 'serve') await serve();
else await main();

/** Answers in a process of its own, so that its CPU is not the client's. */
async function serve() {
  const body = JSON.stringify({ Regions: { Region: [] }, RequestId: 'r' });
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send(server.address().port);
  process.on('disconnect', () => process.exit());
}

async function main() {
  const { values } = parseArgs({
    options: { calls: { type: 'string', default: '6000' }, rounds: { type: 'string', default: '21' } },
  });
  const calls = Number(values.calls);
  const rounds = Number(values.rounds);
  const most = 0.05;
  const answering = fork(fileURLToPath(import.meta.url), ['serve']);
  const [port] = await once(answering, 'message');
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
    const { user, system } = process.cpuUsage();
    await lastValueFrom(range(calls).pipe(mergeMap(() => client.describeRegions({}), 20)));
    const after = process.cpuUsage();
    costs.push((after.user + after.system - user - system) / calls);
  };
  // The first are compiled.
  for (let i = 0; i < 3; i++) for (const kind of kinds) await round(kind);
  for (const kind of kinds) kind.costs.length = 0;
  for (let i = 0; i < rounds; i++) for (let k = 0; k < kinds.length; k++) await round(kinds[(i + k) % kinds.length]);

  let failed = false;
  console.log(`CPU a call, the lower quartile of ${rounds} rounds of ${calls} calls each, in turns\n`);
  for (const { name, costs } of kinds) {
    // Of the rounds that other work on the machine has disturbed least.
    const added = leastDisturbed(costs) / leastDisturbed(kinds[0].costs) - 1;
    const misses = added >= most;
    failed ||= misses;
    const more = name === 'none' ? '' : `${(100 * added).toFixed(1)} % more${misses ? '   MISSED' : ''}`;
    console.log(`${name.padEnd(18)} ${leastDisturbed(costs).toFixed(1).padStart(7)} µs   ${more}`);
  }
  console.log(failed ? `\nFAILED: less than ${100 * most} % more` : '\npassed');
  connection.disconnect();
  redis.close();
  answering.disconnect();
  process.exitCode = failed ? 1 : 0;
}

function leastDisturbed(costs) {
  return [...costs].sort((a, b) => a - b)[Math.floor(costs.length / 4)];
}

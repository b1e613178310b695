/** How often processes that share a limit ask Redis, by how many calls the limit lets through: leases come in batches. */
import { Redis } from 'ioredis';
import { RateLimiter } from 'rx-alicloud';
import { redisStore } from 'rx-alicloud/redis';
import { lastValueFrom, mergeMap, range } from 'rxjs';
import { startRedis } from '../../spec/support/redis-server.js';
import { clientOf } from './call.mjs';

export async function measureLeases(path, quick) {
  const redis = await startRedis({ path });
  const admin = new Redis(redis.socket);
  try {
    const measured = [];
    for (const limit of [20, 100, 500, 2000]) {
      for (const processes of [1, 4]) measured.push(await measure(admin, limit, processes, quick ? 1 : 4));
    }
    return measured;
  } finally {
    admin.disconnect();
    await redis.close();
  }
}

/** Each of the `processes` is a limiter with a connection of its own, as it would be in a process. */
async function measure(admin, limit, processes, seconds) {
  const connections = Array.from({ length: processes }, () => admin.duplicate());
  const limits = [{ by: ['operation'], rate: { limit, interval: 1000 } }];
  const clients = connections.map((connection) => {
    const store = redisStore({ connection, prefix: `${limit}:${processes}:` });
    const rateLimiter = new RateLimiter({ limits, store });
    return clientOf({ work: 'none', url: 'http://127.0.0.1', more: { rateLimiter, maxRetryAfter: 600_000 } });
  });
  const calls = Math.round((limit * seconds) / processes) * processes;
  const before = await scriptsRun(admin);
  const started = performance.now();
  await lastValueFrom(range(0, calls).pipe(mergeMap((call) => clients[call % processes].describeRegions({}), 200)));
  const took = (performance.now() - started) / 1000;
  const roundTrips = (await scriptsRun(admin)) - before;
  for (const connection of connections) connection.disconnect();
  return {
    limit,
    processes,
    calls,
    seconds: Math.round(took * 10) / 10,
    roundTrips: Math.round((roundTrips / calls) * 1000),
    batch: Math.round((calls / roundTrips) * 10) / 10,
  };
}

/** All that a limiter asks of Redis is scripts, a round trip each. */
async function scriptsRun(admin) {
  const info = await admin.info('commandstats');
  return [...info.matchAll(/cmdstat_(?:evalsha|eval):calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0);
}

/** How often processes that share a limit ask Redis, by how many calls the limit lets through: leases come in batches. */
import { Redis } from 'ioredis';
import { RateLimiter } from 'rx-alicloud';
import { redisStore } from 'rx-alicloud/redis';
import { lastValueFrom, mergeMap, range } from 'rxjs';
import { startRedis } from '../../spec/support/redis-server.js';
import { clientOf } from './call.mjs';

export async function measureLeases(path, quick) {
  const redis = await startRedis({ path });
  try {
    const measured = [];
    for (const limit of [20, 100, 500, 2000]) {
      for (const processes of [1, 4]) measured.push(await measure(redis.socket, limit, processes, quick ? 0.5 : 3));
    }
    return measured;
  } finally {
    await redis.close();
  }
}

/** Each of the `processes` is a limiter with a connection of its own, as it would be in a process. */
async function measure(socket, limit, processes, seconds) {
  let roundTrips = 0;
  const connections = Array.from({ length: processes }, () => new Redis(socket));
  const limiters = connections.map((connection) => {
    // What it asks for itself; the rest of the connection is as it is.
    const counting = new Proxy(connection, {
      get: (target, name) => {
        const member = target[name];
        if (typeof member !== 'function') return member;
        if (name !== 'call') return member.bind(target);
        return (...args) => {
          roundTrips++;
          return target.call(...args);
        };
      },
    });
    const store = redisStore({ connection: counting, prefix: `${limit}:${processes}:` });
    return new RateLimiter({ limits: [{ by: ['operation'], rate: { limit, interval: 1000 } }], store });
  });
  const calls = Math.round((limit * seconds) / processes) * processes;
  const clients = limiters.map((rateLimiter) =>
    clientOf({ work: 'none', url: 'http://127.0.0.1', more: { rateLimiter, maxRetryAfter: 600_000, deadline: 0 } }),
  );
  await lastValueFrom(range(0, calls).pipe(mergeMap((call) => clients[call % processes].describeRegions({}), 200)));
  for (const connection of connections) connection.disconnect();
  return {
    limit,
    processes,
    calls,
    roundTrips: Math.round((roundTrips / calls) * 1000),
    batch: Math.round((calls / roundTrips) * 10) / 10,
  };
}

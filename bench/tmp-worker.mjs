/** One process of a fleet: from `go` on it calls as fast as it may, and tells what became of it when the time is up. */
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { EMPTY, catchError, concatMap, defer, lastValueFrom, mergeMap, range, repeat, takeUntil, tap, timer } from 'rxjs';
import { RateLimiter, accessKey } from 'rx-alicloud';
import { EcsClient } from 'rx-alicloud/ecs';
import { redisStore } from 'rx-alicloud/redis';
import { createEmulator } from 'rx-alicloud/testing';

const { url, key, socket, shared, limits, prefix, callers, milliseconds } = JSON.parse(process.argv[2]);
const connection = shared ? new Redis(socket) : undefined;
const store = connection && redisStore({ connection, prefix });
const credentials = accessKey(key.accessKeyId, key.accessKeySecret);
if (process.env.NO_GATES) store.openGates = () => ({ idle: true, isOpen: () => true, isOpenFor: () => true, learn() {}, estimate: () => 0 });
const counts = { ok: 0, refused: 0, failed: 0, commands: 0 };
if (connection) {
  const { sendCommand } = connection;
  connection.sendCommand = function (...args) {
    counts.commands++;
    return sendCommand.apply(this, args);
  };
}
const client = new EcsClient({
  endpoint: url,
  regionId: 'cn-hangzhou',
  credentials,
  rateLimiter: new RateLimiter({ ...(store ? { store } : {}), ...(limits ? { limits } : {}) }),
  retry: { maxAttempts: 20 },
  maxRetryAfter: 0,
  // As the server answers, whatever becomes of it.
  attemptInterceptors: [
    (next) => (request) =>
      next(request).pipe(
        tap((event) => {
          if (event.kind !== 'response') return;
          if (process.env.DBG) (counts.by ??= {})[Math.floor(Date.now()/1000)] = (counts.by[Math.floor(Date.now()/1000)] ?? 0) + (event.status===200?1:1000); if (event.status === 200) counts.ok++;
          else counts.refused++;
        }),
      ),
  ],
});

// What is compiled on the way is not what is measured.
const warm = new EcsClient({ regionId: 'cn-hangzhou', transport: createEmulator({ credentials: key }).transport, credentials });
await lastValueFrom(range(500).pipe(concatMap(() => warm.describeRegions({}))));

process.send('ready');
await once(process, 'message');
const { user, system } = process.cpuUsage();
range(callers)
  .pipe(
    mergeMap(() =>
      defer(() => client.describeRegions({})).pipe(
        catchError(() => {
          counts.failed++;
          return EMPTY;
        }),
        repeat(),
      ),
    ),
    takeUntil(timer(milliseconds)),
  )
  .subscribe({
    complete() {
      const cpu = process.cpuUsage();
      process.send({ ...counts, cpu: cpu.user + cpu.system - user - system });
      connection?.disconnect();
      process.disconnect();
    },
  });

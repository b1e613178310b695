/** One process of a fleet: from `go` on it calls as fast as it may, and tells what became of it when the time is up. */
import { once } from 'node:events';
import { Redis } from 'ioredis';
import {
  EMPTY,
  catchError,
  concatMap,
  defer,
  lastValueFrom,
  mergeMap,
  range,
  repeat,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { RateLimiter, accessKey } from 'rx-alicloud';
import { EcsClient } from 'rx-alicloud/ecs';
import { redisStore } from 'rx-alicloud/redis';
import { createEmulator } from 'rx-alicloud/testing';

const { url, key, socket, shared, limits, prefix, callers, milliseconds } = JSON.parse(process.argv[2]);
const connection = shared ? new Redis(socket) : undefined;
const store = connection && redisStore({ connection, prefix });
const credentials = accessKey(key.accessKeyId, key.accessKeySecret);
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
          if (event.status === 200) counts.ok++;
          else counts.refused++;
        }),
      ),
  ],
});

// A service that runs: its code is compiled, and it has been connected. That is what is measured, and not how Node starts.
const { transport } = createEmulator({ credentials: key });
const other = new EcsClient({ regionId: 'cn-hangzhou', transport, credentials });
await lastValueFrom(range(500).pipe(concatMap(() => other.describeRegions({}))));
await lastValueFrom(range(4).pipe(mergeMap(() => client.describeInstances({}))));
counts.ok = counts.refused = counts.commands = 0;

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

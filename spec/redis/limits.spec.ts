import fc from 'fast-check';
import { Redis } from 'ioredis';
import { limitScripts } from '../../lib/redis/limit-scripts.js';
import { redisLimits, type LimitsRedis } from '../../lib/redis/redis-limits.js';
import { catchError, firstValueFrom, lastValueFrom, merge, of } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { isClientError } from '../../lib/errors.js';
import { redisStore } from '../../lib/redis/index.js';
import { RateLimiter } from '../../lib/throttling/rate-limiter.js';
import { service } from '../pipeline/support.js';
import type { LeaseRequest, LeaseStore } from '../../lib/throttling/lease-exchange.js';
import { seeded } from '../async/seeded.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { LeaseModel } from '../throttling/lease-model.js';

const limits = [
  { rate: { limit: 10, interval: 1000 } },
  { concurrency: 4 },
  { rate: { limit: 3, interval: 400 } },
] as const;

const leaseTime = 2000;

/** One process' word in a conversation: what it says of its last lease, and what it wants. */
const anyStep = fc.record({
  process: fc.constantFrom('p1', 'p2', 'p3'),
  later: fc.oneof(fc.nat(60), fc.nat(1500)),
  used: fc.double({ min: 0, max: 1, noNaN: true }),
  age: fc.nat(50),
  keep: fc.double({ min: 0, max: 1, noNaN: true }),
  ahead: fc.nat(4),
  horizon: fc.nat(300),
  demands: fc.array(
    fc.record({
      calls: fc.integer({ min: 1, max: 8 }),
      of: fc.subarray([0, 1, 2], { minLength: 1 }),
      atHand: fc.nat(2),
    }),
    { maxLength: 3 },
  ),
});

describeWithRedis('limits in Redis', (path) => {
  let server: RedisServer;
  let connection: Redis;

  beforeAll(async () => {
    server = await startRedis({ path });
    connection = new Redis(server.socket);
    connection.on('error', () => undefined);
  });

  afterAll(async () => {
    connection.disconnect();
    await server.close();
  });

  beforeEach(() => connection.flushall());

  /** Redis, at a time that a spec says. */
  const storeAt = (now: () => number): LeaseStore => {
    const lua = limitScripts.exchange.lua.replace("redis.call('TIME')", '{ ARGV[2], ARGV[3] }');
    const redis: LimitsRedis = {
      run: (_script, keys, args) =>
        connection.eval(lua, keys.length, ...keys, ...args, Math.floor(now() / 1000), (now() % 1000) * 1000),
    };
    return redisLimits(redis, { prefix: 'spec:', leaseTime, whenUnavailable: 'fail' });
  };

  it('are granted as the model grants them, whatever processes ask and tell', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 30 }), async (steps) => {
        await connection.flushall();
        const model = new LeaseModel();
        let now = 1_700_000_000_000;
        const store = storeAt(() => now);
        const last = new Map<string, { id: number; granted: number }[]>();
        let id = 0;
        for (const { process, later, used, age, keep, ahead, horizon, demands } of steps) {
          now += later;
          const mine = last.get(process) ?? limits.map(() => ({ id: 0, granted: 0 }));
          const asks: LeaseRequest['asks'] = limits.map((limit, i) => {
            const { id: lease = 0, granted = 0 } = mine[i] ?? {};
            const report = { id: lease, granted, used: Math.round(granted * used), age };
            return {
              key: `k${i}`,
              limit,
              id: ++id,
              reports: granted > 0 && 'rate' in limit ? [report] : [],
              keep: 'rate' in limit ? 0 : Math.round(granted * keep),
              ahead: 'rate' in limit ? ahead : 0,
              terms: [5, 50],
            };
          });
          const request: LeaseRequest = {
            process,
            horizon,
            asks,
            demands: demands.map(({ calls, of, atHand }) => ({
              calls,
              needs: of.map((i): [number, number] => [i, Math.min(calls, atHand)]),
            })),
          };
          const expected = model.exchange(request, now, leaseTime);
          const granted = await firstValueFrom(store.exchange(request));
          expect(granted.map(rounded)).toEqual(expected.map(rounded));
          last.set(
            process,
            granted.map(({ granted: tokens }, i) => ({
              id: asks[i]?.id ?? 0,
              granted: tokens + (asks[i]?.keep ?? 0),
            })),
          );
        }
      }),
      seeded(60),
    );
  });

  it('hold for two clients by the clock of Redis, and leave keys that end by themselves and name nobody', async () => {
    const starts: number[] = [];
    const transport = {
      send: () => {
        starts.push(performance.now());
        return of({ status: 200, headers: {}, body: '{}' });
      },
    };
    const clients = [0, 1].map(
      () =>
        new AlicloudClient({
          regionId: 'cn-hangzhou',
          credentials: accessKey('LTAI5tSomebody', 'the-secret'),
          transport,
          rateLimiter: new RateLimiter({
            limits: [{ rate: { limit: 4, interval: 100 }, concurrency: 3 }],
            store: redisStore({ connection }),
          }),
        }),
    );
    const operation = { service, action: 'DescribeZones', response: '{}' };
    await lastValueFrom(
      merge(...clients.flatMap((client) => Array.from({ length: 6 }, () => client.call(operation, {})))),
    );
    expect(starts).toHaveLength(12);
    for (const from of starts)
      expect(starts.filter((at) => at >= from && at < from + 100).length).toBeLessThanOrEqual(4);
    const keys = (await connection.keys('*')).filter((key) => key.includes('limit:'));
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key).not.toContain('LTAI');
      expect(await connection.pttl(key)).not.toBe(-1);
    }
  });

  it('end calls before anything is sent where Redis is away, and that is wanted', async () => {
    const send = jest.fn(() => of({ status: 200, headers: {}, body: '{}' }));
    const away = { call: () => Promise.reject(new Error('redis://:secret@host')), duplicate: () => ({}) };
    const store = redisStore({ connection: away, whenUnavailable: 'fail' });
    const client = new AlicloudClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey('LTAI5tSomebody', 'the-secret'),
      transport: { send },
      rateLimiter: new RateLimiter({ limits: [{ concurrency: 3 }], store }),
    });
    const ended = await firstValueFrom(
      client
        .call({ service, action: 'DescribeZones', response: '{}' }, {})
        .pipe(catchError((error: unknown) => of(error))),
    );
    expect(isClientError(ended, 'SDK.FleetUnavailable')).toBe(true);
    expect(String(ended)).not.toContain('secret');
    expect(send).not.toHaveBeenCalled();
  });
});

/** Redis counts microseconds, and the times of two that wait may be as close. */
function rounded({ wait, from, ...grant }: { readonly wait: number; readonly from: number }): unknown {
  return { ...grant, wait: Math.round(wait), from: Math.round(from) };
}

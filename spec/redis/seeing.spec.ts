/** What a client's stats tell of throttles that another process has learned of: by key, and not by whose they are. */
import { Redis } from 'ioredis';
import { filter, firstValueFrom, map, of, type Observable } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import { redisStore } from '../../lib/redis/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { RateLimiter } from '../../lib/throttling/rate-limiter.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';

describeWithRedis('the stats of a client whose throttles are shared', (path) => {
  let server: RedisServer;
  const connections: Redis[] = [];

  beforeAll(async () => (server = await startRedis({ path })));
  afterAll(async () => {
    for (const connection of connections) connection.disconnect();
    await server.close();
  });

  function open(send: () => Observable<HttpResponse>): InstanceType<typeof EcsClient> {
    const connection = new Redis(server.socket);
    connections.push(connection);
    return new EcsClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey('LTAI-of-the-fleet', 'a-secret-of-the-fleet'),
      transport: { send },
      maxRetryAfter: 1000,
      rateLimiter: new RateLimiter({ store: redisStore({ connection }) }),
    });
  }

  it('tell of what another process was refused, although this one calls nothing', async () => {
    const watching = open(() => of());
    const seen$ = watching.stats$.pipe(
      map(({ throttled }) => throttled),
      filter(({ length }) => length > 0),
    );
    const seen = firstValueFrom(seen$);
    const headers = { 'x-acs-retry-after': '600000' };
    const body = '{"Code":"Throttling.Api","Message":"Slow down."}';
    const refused = open(() => of({ status: 429, headers, body }));
    await expect(firstValueFrom(refused.describeZones())).rejects.toMatchObject({ code: 'Throttling.Api' });

    const [key, ...others] = await seen;
    expect(others).toEqual([]);
    expect(key).toEqual({
      region: 'cn-hangzhou',
      product: 'Ecs',
      operation: 'DescribeZones',
      until: expect.any(Number) as number,
      waiting: 0,
    });
    expect(key?.until).toBeGreaterThan(Date.now());
    watching.close();
    refused.close();
  });
});

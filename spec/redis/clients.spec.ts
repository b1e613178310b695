/** Clients of their own, as in processes of their own, on an emulator that counts what it is sent. */
import { Redis } from 'ioredis';
import { firstValueFrom, of } from 'rxjs';
import {
  accessKey,
  RateLimiter,
  stsToken,
  type CredentialsProvider,
  type RateLimiterOptions,
  type Transport,
} from '../../lib/index.js';
import { isClientError, isServerError } from '../../lib/errors.js';
import { redisStore } from '../../lib/redis/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { createEmulator, emulatorCredentials, type Emulator } from '../../lib/testing/index.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { until } from './support.js';

const { accessKeyId, accessKeySecret } = emulatorCredentials;

const refusal: HttpResponse = {
  status: 429,
  headers: { 'x-acs-retry-after': '60000' },
  body: '{"RequestId":"R-1","Code":"Throttling.User","Message":"One call too many."}',
};

interface Site {
  readonly client: EcsClient;
  readonly rateLimiter: RateLimiter;
  /** How often its store has asked Redis. */
  readonly asked: () => number;
}

describeWithRedis('clients that share what they know of throttles', (path) => {
  let server: RedisServer;
  let emulator: Emulator;
  let connections: Redis[] = [];
  let prefixes = 0;
  let prefix: string;
  /** How many of the calls that may be throttled have arrived. */
  let sent: number;

  beforeAll(async () => {
    server = await startRedis({ path });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    emulator = createEmulator();
    prefix = `clients-${prefixes++}:`;
    sent = 0;
  });
  afterEach(() => {
    for (const connection of connections) connection.disconnect();
    connections = [];
  });

  function site(options: RateLimiterOptions = {}, credentials = accessKey(accessKeyId, accessKeySecret)): Site {
    const connection = new Redis(server.socket);
    connection.on('error', () => undefined);
    connections.push(connection);
    const asked = jest.spyOn(connection, 'call');
    const rateLimiter = new RateLimiter({ store: redisStore({ connection, prefix }), ...options });
    const common = { regionId: 'cn-hangzhou', maxRetryAfter: 1000, retry: false } as const;
    const transport: Transport = {
      send(request) {
        if (request.headers['x-acs-action'] === 'DescribeRegions') sent++;
        // The emulator does not know those that it has not given.
        return JSON.stringify(request.headers).includes('STS.') ? of(refusal) : emulator.transport.send(request);
      },
    };
    const client = new EcsClient({ ...common, rateLimiter, credentials, transport });
    return { client, rateLimiter, asked: () => asked.mock.calls.length };
  }

  const outcome = ({ client }: Site): Promise<string> =>
    firstValueFrom(client.describeRegions({})).then(
      () => 'answered',
      (error: unknown) => {
        if (isClientError(error) || isServerError(error)) return error.code;
        throw error;
      },
    );

  it("send nothing while another's throttle holds, neither an old one nor one that has just started", async () => {
    const [one, old] = [site(), site()];
    await firstValueFrom(old.client.describeZones({}));
    emulator.inject({ kind: 'throttle', action: 'DescribeRegions', retryAfter: 60_000, times: 1 });
    expect(await outcome(one)).toBe('Throttling.User');
    await until(() => !old.rateLimiter.idle);
    expect([await outcome(one), await outcome(old), await outcome(site())]).toEqual(Array(3).fill('SDK.Throttled'));
    expect(sent).toBe(1);
    // Another operation is none of it.
    await firstValueFrom(old.client.describeZones({}));
  });

  it('go when the time is up, after one of them was let through', async () => {
    const sites = [site(), site(), site()];
    emulator.inject({ kind: 'throttle', action: 'DescribeRegions', retryAfter: 100, times: 1 });
    expect(await outcome(sites[0] ?? site())).toBe('Throttling.User');
    const outcomes = await Promise.all([...sites, ...sites, ...sites].map(outcome));
    expect(outcomes).toEqual(Array(9).fill('answered'));
    expect(sent).toBe(10);
    await until(() => sites.every(({ rateLimiter }) => rateLimiter.idle));
  });

  it('write no access key to Redis, and have one account where keys are temporary', async () => {
    const temporary = (n: number): CredentialsProvider => stsToken(`STS.${n}`, 'secret', `token-${n}`);
    const [one, other] = [site({}, temporary(1)), site({}, temporary(2))];
    emulator.inject({ kind: 'throttle', action: 'DescribeRegions', retryAfter: 60_000, times: 1 });
    expect(await outcome(one)).toBe('Throttling.User');
    expect(await outcome(site())).toBe('Throttling.User');
    const [admin] = connections;
    if (admin === undefined) throw new Error('There is a connection to each site');
    // Of the two accounts, and what is known of all.
    await until(async () => (await admin.hlen(`${prefix}gates`)) === 4);
    const before = sent;
    expect(await outcome(other)).toBe('SDK.Throttled');
    expect(sent).toBe(before);
    const written = JSON.stringify(await admin.hgetall(`${prefix}gates`));
    expect(written).toContain(':cn-hangzhou:Ecs:DescribeRegions');
    for (const secret of [accessKeyId, accessKeySecret, 'STS.1', 'token-1']) expect(written).not.toContain(secret);
  });

  it('ask Redis for nothing by call where nothing is throttled', async () => {
    const { client, asked } = site();
    await firstValueFrom(client.describeRegions({}));
    await until(() => asked() > 1);
    const before = asked();
    for (let i = 0; i < 200; i++) await firstValueFrom(client.describeRegions({}));
    // What it asks now and then is whether a message was lost.
    expect(asked() - before).toBeLessThan(10);
  });
});

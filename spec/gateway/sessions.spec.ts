import { BehaviorSubject, defer, delay, finalize, firstValueFrom, lastValueFrom, NEVER, of, throwError } from 'rxjs';
import {
  allow,
  createGateway,
  type Authorize,
  type GatewayOptions,
  type GatewaySession,
} from '../../lib/gateway/index.js';
import { isClientError } from '../../lib/errors.js';
import { describeInstances, describeRegions, runInstances } from '../../lib/services/ecs.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { answerTo, credentials, newAttempt, recorderOf, requestOf, send, siteOf, type Recorder } from './support.js';

const instances = { path: '/Ecs/2014-05-26/DescribeInstances' };

describe('authorize', () => {
  it.each<[string, Authorize]>([
    ['a session', () => ({ id: 'a' })],
    ['a promise of one', () => Promise.resolve({ id: 'a' })],
    ['an Observable of one', () => of({ id: 'a' })],
    ['an Observable without an end', () => new BehaviorSubject<GatewaySession>({ id: 'a' })],
  ])('may give %s', async (_, authorize) => {
    const site = siteOf({ authorize });
    expect((await answerTo(site)).status).toBe(200);
    expect(site.events[0]?.sessionId).toBe('a');
  });

  it.each<[string, number, string, Authorize]>([
    ['undefined', 401, 'Unauthenticated', () => undefined],
    ['null', 401, 'Unauthenticated', () => Promise.resolve(null)],
    ['false', 401, 'Unauthenticated', () => of(false as const)],
    ['nothing', 401, 'Unauthenticated', () => of()],
    ['unauthenticated', 401, 'Unauthenticated', () => ({ refuse: 'unauthenticated' })],
    ['forbidden', 403, 'Forbidden', () => ({ refuse: 'forbidden', message: 'Not on Sundays' })],
    ['a session without an id', 500, 'InternalError', () => ({}) as GatewaySession],
    ['a session with an empty id', 500, 'InternalError', () => ({ id: '' })],
    ['text', 500, 'InternalError', () => 'someone' as never],
    [
      'a throw',
      500,
      'InternalError',
      () => {
        throw new Error('password=hunter2');
      },
    ],
    ['a rejection', 500, 'InternalError', () => Promise.reject(new Error('password=hunter2'))],
    ['an error', 500, 'InternalError', () => throwError(() => 'password=hunter2')],
  ])('refuses with %s, before the body is read', async (_, status, code, authorize) => {
    const site = siteOf({ authorize });
    const request = requestOf({});
    const response = await site.gateway.handle(request);
    const text = await response.text();
    expect([response.status, (JSON.parse(text) as { Code: string }).Code]).toEqual([status, `Gateway.${code}`]);
    expect(text).not.toContain('hunter2');
    expect(site.upstream.sent).toHaveLength(0);
    if (status === 500) expect(site.warnings).toHaveLength(1);
  });

  it('sees all of the request but its body, and the operation', async () => {
    const seen: unknown[] = [];
    const site = siteOf({
      authorize: (request, call) => {
        seen.push({ ...request, headers: request.headers.get('cookie'), action: call.operation.action });
        return { id: 'a' };
      },
    });
    await answerTo(site, { headers: { cookie: 'session=1' }, info: { remoteAddress: '10.0.0.1' } });
    expect(seen).toEqual([
      {
        method: 'POST',
        url: 'https://app.example.com/api/alicloud/Ecs/2014-05-26/DescribeRegions',
        headers: 'session=1',
        remoteAddress: '10.0.0.1',
        action: 'DescribeRegions',
      },
    ]);
    expect(site.events[0]).toMatchObject({ remoteAddress: '10.0.0.1' });
  });

  it('is not waited for longer than it may take', async () => {
    jest.useFakeTimers();
    try {
      const site = siteOf({ authorize: () => NEVER, limits: { authorizeTimeout: 2000 } });
      const answer = answerTo(site);
      await jest.advanceTimersByTimeAsync(2000);
      expect(await answer).toMatchObject({ status: 500, code: 'Gateway.InternalError' });
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('a session', () => {
  const siteWith = (session: Omit<GatewaySession, 'id'>) =>
    siteOf({
      regions: ['cn-hangzhou', 'cn-beijing'],
      allow: [describeRegions, describeInstances, runInstances],
      authorize: () => ({ id: 'a', ...session }),
    });

  it('may have fewer operations, and closer limits', async () => {
    const site = siteWith({ allow: [allow(describeInstances, { RegionId: ['cn-beijing'] })] });
    expect(await answerTo(site)).toMatchObject({ status: 403, code: 'Gateway.OperationNotAllowed' });
    expect(await answerTo(site, instances)).toMatchObject({ status: 403, code: 'Gateway.Forbidden' });
    expect((await answerTo(site, { ...instances, regionId: 'cn-beijing' })).status).toBe(200);
    expect(site.upstream.sent).toHaveLength(1);
  });

  it('may have none', async () => {
    const site = siteWith({ allow: [] });
    expect(await answerTo(site, instances)).toMatchObject({ code: 'Gateway.OperationNotAllowed' });
  });

  it('may have fewer regions: a call that names none goes to its first', async () => {
    const site = siteWith({ regions: ['cn-beijing', 'cn-shanghai'] });
    expect((await answerTo(site, instances)).status).toBe(200);
    expect(site.upstream.sent[0]?.url).toContain('cn-beijing');
    expect(await answerTo(site, { ...instances, regionId: 'cn-hangzhou' })).toMatchObject({
      code: 'Gateway.Forbidden',
    });
    // The gateway has it not.
    expect(await answerTo(site, { ...instances, regionId: 'cn-shanghai' })).toMatchObject({
      code: 'Gateway.Forbidden',
    });
    expect(await answerTo(siteWith({ regions: [] }), instances)).toMatchObject({ code: 'Gateway.Forbidden' });
  });

  it.each([
    ['false', () => false],
    ['a promise of false', () => Promise.resolve(false)],
    ['nothing', () => of()],
  ])('is refused by `permit` with %s', async (_, permit) => {
    const site = siteWith({ permit });
    expect(await answerTo(site, instances)).toMatchObject({ status: 403, code: 'Gateway.Forbidden' });
    expect(site.upstream.sent).toHaveLength(0);
  });

  it('lets `permit` see the call', async () => {
    const seen: unknown[] = [];
    const site = siteWith({
      permit: ({ operation: { action }, request, regionId }) => !!seen.push({ action, request, regionId }),
    });
    await answerTo(site, { ...instances, request: { PageSize: 10 }, regionId: 'cn-beijing' });
    expect(seen).toEqual([{ action: 'DescribeInstances', request: { PageSize: 10 }, regionId: 'cn-beijing' }]);
  });

  it('makes no more requests within a time than it may, each on its own', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const site = siteOf({ rates: { requests: 2, per: 10_000 } });
      const statuses = async (user: string): Promise<number> =>
        (await answerTo(site, { headers: { 'x-user': user } })).status;
      expect([await statuses('a'), await statuses('a'), await statuses('a'), await statuses('b')]).toEqual([
        200, 200, 429, 200,
      ]);
      const refused = await answerTo(site, { headers: { 'x-user': 'a' } });
      expect(refused).toMatchObject({ code: 'Gateway.TooManyRequests' });
      expect(refused.headers.get('retry-after')).toBe('5');
      jest.advanceTimersByTime(5000);
      expect([await statuses('a'), await statuses('a')]).toEqual([200, 429]);
      jest.advanceTimersByTime(60_000);
      expect([await statuses('a'), await statuses('a'), await statuses('a')]).toEqual([200, 200, 429]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('has no more requests under way than it may: of 150 at once, 32', async () => {
    const site = siteOf({ transport: { send: () => NEVER } });
    const caller = new AbortController();
    const statuses = Array.from({ length: 150 }, () =>
      send(site, { attempt: newAttempt(), signal: caller.signal }).then(({ status }) => status),
    );
    const refused = await Promise.all(statuses.slice(32));
    expect(new Set(refused)).toEqual(new Set([429]));
    caller.abort();
    await Promise.all(statuses.slice(0, 32));
    // All of them have ended, so that there is room again.
    expect(site.events.filter(({ outcome }) => outcome === 'cancelled')).toHaveLength(32);
    const next = siteOf();
    expect((await answerTo(next)).status).toBe(200);
  });
});

describe('createGateway', () => {
  const right: GatewayOptions = {
    client: { regionId: 'cn-hangzhou' },
    origins: ['https://app.example.com'],
    allow: [describeRegions],
    authorize: () => undefined,
  };

  it.each<[string, Record<string, unknown>]>([
    ['client', { client: undefined }],
    ['client', { client: 'ecs' }],
    ['poolSize', { client: { regionId: 'cn-hangzhou', poolSize: 0 } }],
    ['authorize', { authorize: undefined }],
    ['authorize', { authorize: { id: 'a' } }],
    ['allow', { allow: undefined }],
    ['allow', { allow: describeRegions }],
    ['allow[0]', { allow: ['DescribeRegions'] }],
    ['allow[1]', { allow: [describeRegions, allow(describeRegions)] }],
    ['regions', { client: {} }],
    ['regions', { client: new EcsClient({ regionId: 'cn-hangzhou' }) }],
    ['regions', { regions: [] }],
    ['regions[0]', { regions: ['evil.example/'] }],
    ['origins', { origins: undefined }],
    ['origins', { origins: 'https://app.example.com' }],
    ['origins[0]', { origins: ['*'] }],
    ['origins[0]', { origins: ['https://app.example.com/'] }],
    ['origins[0]', { origins: ['app.example.com'] }],
    ['hosts[0]', { hosts: ['https://app.example.com'] }],
    ['hosts[0]', { hosts: ['a/b'] }],
    ['path', { path: 'api' }],
    ['path', { path: '/api/' }],
    ['path', { path: '/a/../b' }],
    ['limits.depth', { limits: { depth: 0 } }],
    ['limits.depth', { limits: { depth: 100_000 } }],
    ['limits.size', { limits: { size: 1 } }],
    ['limits.bodyTimeout', { limits: { bodyTimeout: 0 } }],
    ['rates.concurrency', { rates: { concurrency: 1.5 } }],
    ['attempts.store', { attempts: { store: new Map() } }],
    ['logger', { logger: console }],
    ['alow', { alow: [] }],
  ])('refuses what can not work: %s %#', (path, options) => {
    let thrown: unknown;
    try {
      createGateway({ ...right, ...options });
    } catch (error) {
      thrown = error;
    }
    expect(isClientError(thrown, 'SDK.InvalidConfiguration') && thrown.path).toBe(path);
  });

  it('takes a client that is there already, and does not close it', async () => {
    const { upstream } = siteOf();
    const client = new EcsClient({ regionId: 'cn-hangzhou', credentials, transport: upstream });
    const gateway = createGateway({ ...right, client, regions: ['cn-hangzhou'], authorize: () => ({ id: 'a' }) });
    expect((await answerTo({ gateway })).status).toBe(200);
    await lastValueFrom(gateway.close(), { defaultValue: undefined });
    expect((await firstValueFrom(client.describeRegions({}))).Regions).toBeDefined();
  });

  it('makes all calls through one pool of the client that it makes', async () => {
    const { upstream } = siteOf();
    let running = 0;
    let most = 0;
    const counted: Recorder = recorderOf({
      send: (request) =>
        defer(() => {
          most = Math.max(most, ++running);
          return upstream.send(request).pipe(
            delay(0),
            finalize(() => running--),
          );
        }),
    });
    const site = siteOf({
      client: { regionId: 'cn-hangzhou', credentials, transport: counted, poolSize: 2, maxTaskQueueSize: 3 },
    });
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await answerTo(site)).status));
    expect(most).toBe(2);
    expect(statuses.filter((status) => status === 503)).toHaveLength(3);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
  });
});

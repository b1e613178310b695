import {
  BehaviorSubject,
  defer,
  finalize,
  firstValueFrom,
  lastValueFrom,
  mergeMap,
  NEVER,
  of,
  ReplaySubject,
  Subject,
  take,
  throwError,
} from 'rxjs';
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
import type { HttpResponse } from '../../lib/transport/transport.js';
import { answerTo, credentials, newAttempt, recorderOf, requestOf, send, siteOf, type Recorder } from './support.js';

const write = { path: '/Ecs/2014-05-26/StopInstance', request: { InstanceId: 'i-1' } };
const fail = (): never => {
  throw new Error('password=hunter2');
};
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
    ['true', 500, 'InternalError', () => true as never],
    ['a number as id', 500, 'InternalError', () => ({ id: 5 }) as never],
    ['an id with a line break, for logs', 500, 'InternalError', () => ({ id: 'a\nlevel=error' })],
    ['an id with an escape, for terminals', 500, 'InternalError', () => ({ id: 'a\u009b31m' })],
    ['regions as a text', 500, 'InternalError', () => ({ id: 'a', regions: 'not-cn-hangzhou' }) as never],
    ['operations as a text', 500, 'InternalError', () => ({ id: 'a', allow: '*' }) as never],
    ['operations that are none', 500, 'InternalError', () => ({ id: 'a', allow: ['DescribeRegions'] }) as never],
    ['a permit that is no function', 500, 'InternalError', () => ({ id: 'a', permit: true }) as never],
    ['a function', 500, 'InternalError', () => (() => ({ id: 'a' })) as never],
    ['a Proxy that fails', 500, 'InternalError', () => new Proxy({ id: 'a' }, { has: () => fail() })],
    ['a Proxy that fails later', 500, 'InternalError', () => new Proxy({ id: 'a' }, { get: () => fail() })],
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

  it('of which an operation is told twice has to fit both', async () => {
    const strict = allow(describeInstances, { RegionId: ['cn-beijing'] });
    for (const own of [
      [describeInstances, strict],
      [strict, describeInstances],
    ]) {
      const site = siteWith({ allow: own });
      expect(await answerTo(site, instances)).toMatchObject({ status: 403, code: 'Gateway.Forbidden' });
      expect((await answerTo(site, { ...instances, regionId: 'cn-beijing' })).status).toBe(200);
    }
  });

  it('is read once: what was checked is what is used', async () => {
    let reads = 0;
    const session = {
      get id() {
        return `user-${++reads}`;
      },
    };
    const site = siteOf({ authorize: () => session });
    const attempt = newAttempt();
    expect((await answerTo(site, { attempt })).status).toBe(200);
    expect([reads, site.events[0]?.sessionId]).toEqual([1, 'user-1']);
  });

  it.each([
    ['composed and decomposed letters', 'é', 'e\u0301'],
    ['separators', 'a|b', 'a'],
    ['quotation marks', '","', '"'],
    ['spaces', 'a', 'a '],
    ['case', 'A', 'a'],
  ])('is another where its id differs in %s', async (_, one, other) => {
    let id = one;
    const site = siteOf({ authorize: () => ({ id }) });
    const attempt = newAttempt();
    await answerTo(site, { attempt });
    id = other;
    expect((await answerTo(site, { attempt })).headers.has('x-rx-alicloud-replayed')).toBe(false);
    expect(site.upstream.sent).toHaveLength(2);
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

describe('a write whose caller has gone', () => {
  it('counts among those of its session until it has ended', async () => {
    const answer$ = new Subject<HttpResponse>();
    const site = siteOf({ transport: { send: () => answer$ }, rates: { concurrency: 1 } });
    const caller = new AbortController();
    const gone = send(site, { ...write, signal: caller.signal });
    while (site.upstream.sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
    caller.abort();
    await gone;
    expect(await answerTo(site, write)).toMatchObject({ status: 429, code: 'Gateway.TooManyRequests' });
    answer$.next({ status: 200, headers: {}, body: '{}' });
    answer$.complete();
    expect((await answerTo(site, instances)).code).not.toBe('Gateway.TooManyRequests');
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
    // What is sent is not answered before all that find no room have been refused.
    const open = new ReplaySubject<void>(1);
    const counted: Recorder = recorderOf({
      send: (request) =>
        defer(() => {
          most = Math.max(most, ++running);
          return open.pipe(
            take(1),
            mergeMap(() => upstream.send(request)),
            finalize(() => running--),
          );
        }),
    });
    const site = siteOf({
      client: { regionId: 'cn-hangzhou', credentials, transport: counted, poolSize: 2, maxTaskQueueSize: 3 },
    });
    let refused = 0;
    const ask = async (): Promise<number> => {
      const { status } = await answerTo(site);
      if (status === 503 && ++refused === 3) open.next();
      return status;
    };
    const statuses = await Promise.all(Array.from({ length: 8 }, ask));
    expect(most).toBe(2);
    expect(statuses.filter((status) => status === 503)).toHaveLength(3);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
  });
});

import { firstValueFrom, lastValueFrom, NEVER, Subject, take } from 'rxjs';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { answerTo, credentials, newAttempt, regionId, siteOf, type Call } from './support.js';

const read: Call = { path: '/Ecs/2014-05-26/DescribeInstances' };
const stop: Call = { path: '/Ecs/2014-05-26/StopInstance', request: { InstanceId: 'i-1' } };
const done: HttpResponse = { status: 200, headers: {}, body: '{"RequestId":"R-1"}' };

describe('a gateway in workerd', () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');

  beforeEach(() => {
    Object.defineProperty(globalThis, 'navigator', {
      value: { userAgent: 'Cloudflare-Workers' },
      configurable: true,
    });
  });

  afterEach(() => {
    if (own === undefined) Reflect.deleteProperty(globalThis, 'navigator');
    else Object.defineProperty(globalThis, 'navigator', own);
    jest.useRealTimers();
  });

  it('has no pool, so that no call waits for another', async () => {
    const sent$ = new Subject<void>();
    const site = siteOf({ transport: { send: () => (sent$.next(), NEVER) } });
    const sent = lastValueFrom(sent$.pipe(take(20)));
    const answers = Array.from({ length: 20 }, () => answerTo(site, read));
    await sent;
    expect(site.upstream.sent).toHaveLength(20);
    site.gateway.close({ mode: 'abort' });
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(answers.map(() => 503));
  });

  it.each([
    ['enableAsync', { enableAsync: true }],
    ['rateLimiter', { rateLimiter: {} as never }],
  ])('refuses %s', (name, options) => {
    const refusal: unknown = expect.objectContaining({
      code: 'SDK.InvalidConfiguration',
      path: `client.${name}`,
      expected: 'false in workerd, where no request may wait for another',
    });
    expect(() => siteOf({ client: { regionId, credentials, ...options } })).toThrow(refusal as Error);
  });

  it('asks the store for an attempt that another request makes, and does not wait for that request', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const answer$ = new Subject<HttpResponse>();
    const sent$ = new Subject<void>();
    const site = siteOf({ transport: { send: () => (sent$.next(), answer$) } });
    const attempt = newAttempt();
    const sent = firstValueFrom(sent$);
    const first = answerTo(site, { ...stop, attempt });
    await sent;
    const second = answerTo(site, { ...stop, attempt });
    await jest.advanceTimersByTimeAsync(1000);
    answer$.next(done);
    answer$.complete();
    expect((await first).headers.get('x-rx-alicloud-replayed')).toBeNull();
    // It is its own timer that wakes it.
    const early = await Promise.race([second, first]);
    expect(early).toBe(await first);
    await jest.advanceTimersByTimeAsync(200);
    expect(await second).toMatchObject({ status: 200, text: done.body });
    expect((await second).headers.get('x-rx-alicloud-replayed')).toBe('true');
    expect(site.upstream.sent).toHaveLength(1);
  });
});

/** Limits that are configured, on the way of a client's calls. */
import { filter, mergeMap, takeUntil, throwError } from 'rxjs';
import type { CallInterceptor } from '../../lib/interceptor.js';
import type { LimitOptions } from '../../lib/throttling/limit-options.js';
import { RateLimiter } from '../../lib/throttling/rate-limiter.js';
import { ok, play, read, refusal, throttle, write, type Step } from './support.js';

const rate = (limit: number, interval = 1000): LimitOptions => ({ rate: { limit, interval } });
const limiter = (...limits: LimitOptions[]): RateLimiter => new RateLimiter({ limits });

describe('a rate', () => {
  it('starts no more calls in any interval, in their order', () => {
    play([ok()], { rateLimiter: limiter(rate(2)) }, ({ client, transport, run, flush, scheduler }) => {
      const endings = [0, 1, 2, 3].map(() => run(client.call(read, {})));
      scheduler.schedule(() => endings.push(run(client.call(read, {}))), 500);
      flush();
      expect(transport.times).toEqual([0, 0, 1000, 1000, 2000]);
      expect(endings.map(({ at }) => at)).toEqual([0, 0, 1000, 1000, 2000]);
    });
  });

  it('is of each operation where nothing else is said, and of whatever is said', () => {
    play([ok()], { rateLimiter: limiter(rate(1)) }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      run(client.call(write, {}));
      flush();
      expect(transport.times).toEqual([0, 0]);
    });
    const all = { by: [], ...rate(1) };
    play([ok()], { rateLimiter: limiter(all) }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      run(client.call(write, {}));
      flush();
      expect(transport.times).toEqual([0, 1000]);
    });
  });

  it('counts repetitions, too', () => {
    const steps = [refusal(503, 'ServiceUnavailable'), ok()];
    play(steps, { rateLimiter: limiter(rate(1, 5000)) }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      flush();
      expect(transport.times).toEqual([0, 5000]);
    });
  });

  it('refuses at once what would wait for longer than its deadline or maxRetryAfter, and says how long that is', () => {
    const rateLimiter = limiter(rate(1));
    play([ok()], { rateLimiter, maxRetryAfter: 1500 }, ({ client, transport, run, flush }) => {
      const [, second, third] = [0, 1, 2].map(() => run(client.call(read, {})));
      const hurried = run(client.call(read, {}, { deadline: 900 }));
      const patient = run(client.call(read, {}, { maxRetryAfter: 0 }));
      flush();
      expect(second?.at).toBe(1000);
      expect(third).toMatchObject({ at: 0, error: { code: 'SDK.Throttled', retryAfter: 2000 } });
      expect(hurried).toMatchObject({ at: 0, error: { code: 'SDK.Throttled' } });
      expect(patient.at).toBe(2000);
      expect(transport.times).toEqual([0, 1000, 2000]);
    });
  });

  it('goes before hints of what is left of a quota, and not before a refusal', () => {
    const spent = { 'x-ratelimit-user-api': 'Limit:2,Remain:0,TimeLeft:4000,Reset:1' };
    play(
      [ok(spent), ok(spent), throttle(spent), ok()],
      { rateLimiter: limiter(rate(2)) },
      ({ client, transport, run, flush }) => {
        [0, 1, 2].forEach(() => run(client.call(read, {})));
        flush();
        expect(transport.times).toEqual([0, 0, 1000, 5000]);
      },
    );
  });
});

describe('a concurrency', () => {
  const one: LimitOptions = { concurrency: 1 };

  it('is given back however a call ends', () => {
    const steps: Step[] = [[100, ok()], [100, refusal(404, 'NotFound')], 'never', ok()];
    play(steps, { rateLimiter: limiter(one), retry: false }, ({ client, transport, run, flush, scheduler }) => {
      run(client.call(read, {}));
      run(client.call(read, {}));
      const cancelled = client.call(read, {}).subscribe();
      const waiting = client.call(read, {}).subscribe();
      run(client.call(read, {}));
      scheduler.schedule(() => waiting.unsubscribe(), 50);
      scheduler.schedule(() => cancelled.unsubscribe(), 300);
      flush();
      expect(transport.times).toEqual([0, 100, 200, 300]);
    });
  });

  it('is not held while a call waits to be repeated', () => {
    const steps: Step[] = [refusal(503, 'ServiceUnavailable', { 'retry-after': '2' }), ok()];
    play(steps, { rateLimiter: limiter(one), clock: () => 0 }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      run(client.call(read, {}));
      flush();
      expect(transport.times).toEqual([0, 0, 2000]);
    });
  });

  it('ends in SDK.Throttled for whom it has no room in time', () => {
    play(['never'], { rateLimiter: limiter(one), maxRetryAfter: 700 }, ({ client, run, flush }) => {
      run(client.call(read, {}));
      const ending = run(client.call(read, {}));
      flush();
      expect(ending).toMatchObject({ at: 700, error: { code: 'SDK.Throttled', retryAfter: 700 } });
    });
  });

  it('is held by nobody whom a listener or an interceptor has ended', () => {
    const types = ['throttled', 'attempt', 'response'] as const;
    const thrown: CallInterceptor = (next) => (call) =>
      next(call).pipe(mergeMap(() => (call.request === wrong ? throwError(() => new Error('mine')) : [])));
    const wrong = { Marker: 'wrong' };
    for (const type of types) {
      const options = { rateLimiter: limiter(one), interceptors: [thrown] };
      play([[100, ok()]], options, ({ client, transport, run, flush }) => {
        const told$ = client.events$.pipe(filter((event) => event.type === type));
        client.call(read, {}).pipe(takeUntil(told$)).subscribe();
        client.call(read, {}).pipe(takeUntil(told$)).subscribe();
        run(client.call(read, wrong));
        run(client.call(read, wrong));
        flush();
        run(client.call(read, wrong));
        flush();
        expect(transport.underWay).toBe(0);
        expect(options.rateLimiter.limits?.groups()).toEqual([]);
        const last = transport.sent.length;
        run(client.call(read, wrong));
        expect(transport.sent.length).toBe(last + 1);
      });
    }
  });
});

describe('a call that waits for a limit', () => {
  it('leaves its slot of the pool to others', () => {
    const options = { rateLimiter: limiter(rate(1)), enableAsync: true, poolSize: 1 };
    play([[10, ok()]], options, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      run(client.call(read, {}));
      run(client.call(write, {}));
      flush();
      expect(transport.times).toEqual([0, 10, 1000]);
    });
  });

  it('starts within the limit although its slot is taken when its turn comes', () => {
    const steps: Step[] = [
      [10, ok()],
      [2000, ok()],
      [10, ok()],
      [10, ok()],
    ];
    const options = { rateLimiter: limiter(rate(1)), enableAsync: true, poolSize: 1 };
    play(steps, options, ({ client, transport, run, flush, scheduler }) => {
      run(client.call(read, {}));
      run(client.call(read, {}));
      run(client.call(write, {}));
      // Its permit would be of 1000, when the pool was full.
      scheduler.schedule(() => run(client.call(read, {})), 1500);
      flush();
      expect(transport.times).toEqual([0, 10, 2010, 3010]);
    });
  });

  it('waits again where a gate has closed meanwhile, and others have its permit', () => {
    const limits = [{ by: [], concurrency: 1 } as const];
    const steps: Step[] = [
      [100, throttle({ 'x-acs-retry-after': '3000' })],
      [50, ok()],
    ];
    play(steps, { rateLimiter: limiter(...limits), retry: false }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      const held = run(client.call(read, {}));
      const other = run(client.call(write, {}));
      flush();
      expect(transport.times).toEqual([0, 100, 3100]);
      expect([other.at, held.at]).toEqual([150, 3150]);
    });
  });

  it('is told of as one that is held back', () => {
    play([ok()], { rateLimiter: limiter(rate(1)) }, ({ client, events, run, flush }) => {
      run(client.call(read, {}));
      run(client.call(read, {}));
      flush();
      expect(events.filter(({ type }) => type === 'throttled')).toHaveLength(1);
    });
  });
});

describe('a limit by a function', () => {
  it('counts what it names, and nothing else', () => {
    const nightly: LimitOptions = { by: ({ options }) => options?.tag as string | undefined, concurrency: 1 };
    play([[100, ok()]], { rateLimiter: limiter(nightly) }, ({ client, transport, run, flush }) => {
      for (const tag of ['night', 'night', 'day', undefined, undefined]) run(client.call(read, {}, { tag }));
      flush();
      expect(transport.times).toEqual([0, 0, 0, 0, 100]);
    });
  });

  it('sees the call', () => {
    const seen: unknown[] = [];
    const by = (call: unknown): undefined => void seen.push(call);
    play(
      [ok()],
      { rateLimiter: new RateLimiter({ limits: [{ by, concurrency: 1 }], account: 'prod' }) },
      ({ client, run }) => {
        run(client.call(read, { Marker: 'm' }, { tag: 't' }));
      },
    );
    expect(seen).toEqual([
      {
        account: 'prod',
        region: 'cn-hangzhou',
        product: 'Ecs',
        operation: 'DescribeZones',
        request: { Marker: 'm' },
        options: { tag: 't' },
      },
    ]);
  });

  it.each([
    [() => 5 as never, { code: 'SDK.InvalidConfiguration', path: 'RateLimiter.limits[0].by()' }],
    [
      () => {
        throw new Error('mine');
      },
      { code: 'SDK.Unexpected' },
    ],
  ])('ends the call where it gives no name', (by, error) => {
    play([ok()], { rateLimiter: limiter({ by, concurrency: 1 }) }, ({ client, transport, run }) => {
      expect(run(client.call(read, {}))).toMatchObject({ at: 0, error });
      expect(transport.sent).toEqual([]);
    });
  });
});

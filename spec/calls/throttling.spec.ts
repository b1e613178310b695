import { filter, range, takeUntil, tap } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { RateLimiter } from '../../lib/throttling/rate-limiter.js';
import { ok, play, read, refusal, throttle, write } from './support.js';

const forTwoSeconds = throttle({ 'x-acs-retry-after': '2000' });

describe('a throttle', () => {
  it('holds the calls of its kind back, and one goes first', () => {
    play([forTwoSeconds, [100, ok()]], {}, ({ client, transport, run, flush }) => {
      const endings = [0, 1, 2, 3].map(() => run(client.call(read, {})));
      flush();
      expect(endings.map(({ values }) => values)).toEqual(Array(4).fill([{ N: 1 }]));
      // The first met the wall; at 2000 it goes again, alone, and then the others follow.
      expect(transport.times).toEqual([0, 2000, 2100, 2100, 2200]);
    });
  });

  it('lets other operations go on', () => {
    play([forTwoSeconds, ok()], {}, ({ client, run, flush }) => {
      run(client.call(read, {}));
      expect(run(client.call(write, {})).at).toBe(0);
      flush();
    });
  });

  it('holds nothing back where the throttle guard is off: each waits by itself', () => {
    play([forTwoSeconds, ok()], { rateLimiter: false }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      run(client.call(read, {}));
      flush();
      expect(transport.times).toEqual([0, 0, 2000]);
    });
  });

  it('is heard of by all clients that share a throttle guard', () => {
    const rateLimiter = new RateLimiter();
    play([forTwoSeconds, ok()], { rateLimiter }, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      const other = new AlicloudClient({
        regionId: 'cn-hangzhou',
        credentials: accessKey('LTAI5tId', 'the-secret'),
        transport,
        rateLimiter,
      });
      const elsewhere = new AlicloudClient({
        regionId: 'cn-beijing',
        credentials: accessKey('LTAI5tId', 'the-secret'),
        transport,
        rateLimiter,
      });
      const [held, free] = [run(other.call(read, {})), run(elsewhere.call(read, {}))];
      flush();
      expect([held.at, free.at]).toEqual([2000, 0]);
    });
  });

  it('refuses a call at once whose deadline comes first', () => {
    play([forTwoSeconds, ok()], {}, ({ client, transport, run, flush }) => {
      run(client.call(read, {}));
      const ending = run(client.call(read, {}, { deadline: 1000 }));
      flush();
      expect(ending).toMatchObject({ at: 0, error: { code: 'SDK.Throttled' } });
      expect(transport.sent).toHaveLength(2);
    });
  });
});

describe('a wait that is longer than maxRetryAfter', () => {
  const asked: [what: string, headers: Record<string, string>][] = [
    ['Retry-After, in seconds', { 'retry-after': '3600' }],
    ['Retry-After, a date', { 'retry-after': new Date(3_600_000).toUTCString() }],
    ['x-acs-retry-after', { 'x-acs-retry-after': '3600000' }],
    ["the quota's time", { 'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:3600000,Reset:1' }],
    ["the user's quota's time", { 'x-ratelimit-user': 'Limit:1,Remain:0,TimeLeft:3600000,Reset:1' }],
  ];

  describe.each(asked)('%s', (_, headers) => {
    it.each([
      ['a throttle', throttle(headers)],
      ['a server in trouble', refusal(503, 'ServiceUnavailable', headers)],
    ])('ends the call of %s in its error, with the wait in it', (_what, step) => {
      play([step, ok()], { clock: () => 0 }, ({ client, transport, run, flush }) => {
        const ending = run(client.call(read, {}));
        flush();
        expect(ending).toMatchObject({ at: 0, error: { retryAfter: 3_600_000 } });
        expect(transport.sent).toHaveLength(1);
      });
    });

    it('silences the operation for no longer than that, while calls fail at once', () => {
      play([throttle(headers), ok()], { clock: () => 0 }, ({ client, run, flush, scheduler }) => {
        run(client.call(read, {}));
        const during = run(client.call(read, {}));
        expect(during).toMatchObject({ at: 0, error: { code: 'SDK.Throttled', retryAfter: 3_600_000 } });
        scheduler.schedule(() => expect(run(client.call(read, {})).error).toBeDefined(), 59_999);
        scheduler.schedule(() => expect(run(client.call(read, {})).values).toEqual([{ N: 1 }]), 60_000);
        flush();
      });
    });

    it('is waited for where it may be', () => {
      play([throttle(headers), ok()], { clock: () => 0 }, ({ client, transport, run, flush }) => {
        run(client.call(read, {}, { maxRetryAfter: 0 }));
        flush();
        expect(transport.times).toEqual([0, 3_600_000]);
      });
    });
  });

  it('can be said for the client and for a call', () => {
    const step = throttle({ 'x-acs-retry-after': '3000' });
    play([step, step, ok()], { maxRetryAfter: 2000, rateLimiter: false }, ({ client, transport, run, flush }) => {
      expect(run(client.call(read, {})).error).toMatchObject({ code: 'Throttling.User', retryAfter: 3000 });
      run(client.call(read, {}, { maxRetryAfter: 3000 }));
      flush();
      expect(transport.times).toEqual([0, 0, 3000]);
    });
  });
});

describe('a call that ends within an event', () => {
  const ends = ['throttled', 'retried', 'response', 'attempt', 'started'] as const;

  it.each(ends)('that tells that it was %s leaves the way free for the others', (type) => {
    play([forTwoSeconds, ok()], {}, ({ client, transport, events, run, flush, scheduler }) => {
      run(client.call(read, {}));
      const mine = transport.sent.length;
      const told$ = client.events$.pipe(filter((event) => event.type === type));
      client.call(read, {}).pipe(takeUntil(told$)).subscribe();
      scheduler.schedule(() => client.call(read, {}).pipe(takeUntil(told$)).subscribe(), 500);
      const others = [run(client.call(read, {})), run(client.call(read, {}))];
      flush();
      expect(others.map(({ values }) => values)).toEqual([[{ N: 1 }], [{ N: 1 }]]);
      const last = run(client.call(read, {}));
      flush();
      expect(last.values).toEqual([{ N: 1 }]);
      expect(transport.underWay).toBe(0);
      expect(mine).toBe(1);
      if (type !== 'retried') expect(events.map((event) => event.type)).toContain('cancelled');
    });
  });

  it('is not sent', () => {
    play([ok()], {}, ({ client, transport, flush }) => {
      for (const type of ['started', 'attempt'] as const) {
        const told$ = client.events$.pipe(filter((event) => event.type === type));
        client.call(read, {}).pipe(takeUntil(told$)).subscribe();
      }
      flush();
      expect(transport.sent).toEqual([]);
    });
  });

  it('that shuts the pool down leaves the throttle guard free for other clients', () => {
    const rateLimiter = new RateLimiter();
    play([forTwoSeconds, ok()], { rateLimiter, enableAsync: true }, ({ client, transport, run, flush }) => {
      client.events$
        .pipe(
          filter(({ type }) => type === 'throttled'),
          tap(() => client.shutdown({ mode: 'abort' })),
        )
        .subscribe();
      run(client.call(read, {}));
      run(client.call(read, {}));
      flush();
      const other = new AlicloudClient({
        regionId: 'cn-hangzhou',
        credentials: accessKey('LTAI5tId', 'the-secret'),
        transport,
        rateLimiter,
      });
      const ending = run(other.call(read, {}));
      flush();
      expect(ending.values).toEqual([{ N: 1 }]);
    });
  });
});

it('a quota that is used up holds calls back before they are refused', () => {
  const spent = ok({ 'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:500,Reset:1' });
  play([spent, ok()], {}, ({ client, transport, run, flush, events }) => {
    run(client.call(read, {}));
    run(client.call(read, {}));
    flush();
    expect(transport.times).toEqual([0, 500]);
    expect(events.filter(({ type }) => type === 'throttled')).toHaveLength(1);
  });
});

it('a call that waits for the throttle guard gives its place up when it is unsubscribed from', () => {
  play([forTwoSeconds, ok()], {}, ({ client, transport, run, flush, scheduler }) => {
    run(client.call(read, {}));
    const subscription = client.call(read, {}).subscribe();
    scheduler.schedule(() => subscription.unsubscribe(), 1000);
    flush();
    expect(transport.times).toEqual([0, 2000]);
  });
});

it('a hundred calls that meet the wall together all get through', () => {
  play([...Array<typeof forTwoSeconds>(10).fill(forTwoSeconds), ok()], {}, ({ client, run, flush }) => {
    const endings: ReturnType<typeof run>[] = [];
    range(0, 100).subscribe(() => endings.push(run(client.call(read, {}))));
    flush();
    expect(endings.filter(({ values }) => values.length === 1)).toHaveLength(100);
  });
});

it('a throttle guard is idle where it knows of no throttle, and again when all have recovered', () => {
  const rateLimiter = new RateLimiter();
  play([forTwoSeconds, ok()], { rateLimiter }, ({ client, run, flush, scheduler }) => {
    expect(rateLimiter.idle).toBe(true);
    run(client.call(read, {}));
    const seen: boolean[] = [];
    scheduler.schedule(() => seen.push(rateLimiter.idle), 1999);
    flush();
    expect([...seen, rateLimiter.idle]).toEqual([false, true]);
  });
});

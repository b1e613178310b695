import {
  defer,
  finalize,
  NEVER,
  of,
  Subject,
  switchMap,
  throwError,
  timer,
  map,
  type Observable,
  type ObservableInput,
} from 'rxjs';
import type { CredentialsProvider } from '../../lib/credentials/credentials.js';
import { firstOf } from '../../lib/providers/first-of.js';
import { refreshing, type ExpiringCredentials, type RefreshOptions } from '../../lib/providers/refreshing.js';
import { errorOf, given, shownOf, virtually } from './support.js';

const minute = 60_000;

/** Gives `1`, `2`, … as access key ids, each good for `life` from when it came, after `delay`. */
class Source {
  fetches = 0;
  underWay = 0;
  /** What the next fetches do instead. */
  instead: (() => ObservableInput<ExpiringCredentials>) | undefined;

  constructor(
    private readonly clock: () => number,
    readonly life: number,
    private readonly delay = 0,
  ) {}

  readonly fetch = (): Observable<ExpiringCredentials> =>
    defer(() => {
      const accessKeyId = String(++this.fetches);
      this.underWay++;
      if (this.instead !== undefined) return this.instead();
      const credentials = (): ExpiringCredentials => ({
        accessKeyId,
        accessKeySecret: 'secret',
        securityToken: 'token',
        expires: this.clock() + this.life,
      });
      return this.delay === 0 ? of(0).pipe(map(credentials)) : timer(this.delay).pipe(map(credentials));
    }).pipe(finalize(() => this.underWay--));

  provider(options: RefreshOptions = {}): CredentialsProvider {
    return refreshing(this.fetch, { clock: this.clock, random: () => 0, ...options });
  }
}

/** Asks at each of the times. What came stands in the array when they have passed: an access key id, or a message. */
function askedAt(provider: CredentialsProvider, times: readonly number[]): string[] {
  const came: string[] = [];
  for (const time of times) {
    timer(time)
      .pipe(switchMap(() => provider()))
      .subscribe({
        next: (credentials) => came.push('accessKeyId' in credentials ? credentials.accessKeyId : ''),
        error: (error: Error) => came.push(error.message),
      });
  }
  return came;
}

/** What something is at each of the times. */
function readAt<T>(times: readonly number[], read: () => T): T[] {
  const values: T[] = [];
  for (const time of times) timer(time).subscribe(() => values.push(read()));
  return values;
}

describe('the shared refresh', () => {
  it('fetches once for all callers, and keeps what came', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute, 100);
      const came = askedAt(source.provider(), [0, 0, 50, 99, 100, 101, 30 * minute]);
      flush();
      expect(came).toEqual(Array(7).fill('1'));
      expect(source.fetches).toBe(1);
    });
  });

  it('fetches nothing before it is asked, and nothing for an Observable that nobody subscribes to', () => {
    const source = new Source(Date.now, minute);
    source.provider()();
    expect(source.fetches).toBe(0);
  });

  it('goes on for the others when one unsubscribes, and ends with the last', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute, 100);
      const ask = source.provider()() as Observable<unknown>;
      const came: unknown[] = [];
      const first = ask.subscribe();
      ask.subscribe((credentials) => came.push(credentials));
      timer(50).subscribe(() => first.unsubscribe());
      const underWay = readAt([60], () => source.underWay);
      flush();
      expect(underWay).toEqual([1]);
      expect(came).toHaveLength(1);
    });
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute, 100);
      const provider = source.provider();
      const asks = [1, 2].map(() => (provider() as Observable<unknown>).subscribe());
      timer(50).subscribe(() => asks.forEach((ask) => ask.unsubscribe()));
      const underWay = readAt([51], () => source.underWay);
      const came = askedAt(provider, [200]);
      flush();
      expect(came).toEqual(['2']);
      expect(underWay).toEqual([0]);
    });
  });

  it('tells all callers of a failure, and keeps none', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute);
      source.instead = () =>
        timer(10).pipe(
          map(() => {
            throw new Error('no');
          }),
        );
      const came = askedAt(source.provider(), [0, 5, 20]);
      timer(15).subscribe(() => (source.instead = undefined));
      flush();
      expect(came).toEqual(['no', 'no', '2']);
    });
  });

  it('refreshes ahead of the end, in the background', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute, 100);
      // The first came at 100 ms.
      const ahead = 45 * minute + 100;
      const came = askedAt(source.provider(), [0, ahead - 1, ahead, ahead + 1, ahead + 99, ahead + 101]);
      flush();
      expect(came).toEqual(['1', '1', '1', '1', '1', '2']);
      expect(source.fetches).toBe(2);
    });
  });

  it('goes on in the background when the caller that began it has gone', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute, 100);
      const provider = source.provider();
      const came = askedAt(provider, [0, 50 * minute, 50 * minute + 101]);
      flush();
      expect(came).toEqual(['1', '1', '2']);
    });
  });

  it('uses the old ones on while a refresh fails, and does not hammer', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute, 100);
      const provider = source.provider();
      timer(minute).subscribe(() => (source.instead = () => throwError(() => new Error('no'))));
      // Every second of the last quarter of an hour, and of the minute after it.
      const seconds = Array.from({ length: 16 * 60 }, (_, i) => 45 * minute + 200 + i * 1000);
      const came = askedAt(provider, [0, ...seconds]);
      flush();
      expect(came.filter((what) => what === '1')).toHaveLength(1 + 15 * 60);
      expect(came.slice(-60)).toEqual(Array(60).fill('no'));
      // One every half a minute while they were good, and one for each call after that.
      expect(source.fetches).toBeLessThanOrEqual(1 + 31 + 60);
      expect(source.fetches).toBeGreaterThan(1 + 28 + 59);
    });
  });

  it('waits for new ones in the last minute, and takes the old ones where there are none', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute, 100);
      const came = askedAt(source.provider(), [0, 59.5 * minute]);
      flush();
      expect(came).toEqual(['1', '2']);
    });
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute, 100);
      timer(minute).subscribe(() => (source.instead = () => throwError(() => new Error('no'))));
      const came = askedAt(source.provider(), [0, 59.2 * minute, 59.3 * minute, 60.1 * minute]);
      flush();
      expect(came).toEqual(['1', '1', '1', 'no']);
      expect(source.fetches).toBe(3);
    });
  });

  it('makes less of its windows where a life is short', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 15 * minute);
      const came = askedAt(source.provider(), [0, 9 * minute, 10 * minute, 11 * minute]);
      flush();
      expect(came).toEqual(['1', '1', '2', '2']);
    });
  });

  it('spreads the refreshes of many over the last fifth of the window', () => {
    virtually(({ clock, flush }) => {
      const early = new Source(clock, 60 * minute);
      const late = new Source(clock, 60 * minute);
      const asked = [early.provider(), late.provider({ random: () => 0.999 })].map((provider) =>
        askedAt(provider, [0, 45 * minute, 48 * minute]),
      );
      flush();
      expect(asked).toEqual([
        ['1', '2', '2'],
        ['1', '1', '2'],
      ]);
    });
  });

  it('asks rarely where what comes is the same as before', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute);
      const expires = 60 * minute;
      source.instead = () => of({ accessKeyId: 'same', accessKeySecret: 'secret', expires });
      const seconds = Array.from({ length: 58 * 60 }, (_, i) => i * 1000);
      const came = askedAt(source.provider(), seconds);
      flush();
      expect(new Set(came)).toEqual(new Set(['same']));
      expect(source.fetches).toBeLessThan(20);
    });
  });

  it('has at hand what it would give without a fetch, and nothing else', () => {
    virtually(({ clock, flush }) => {
      const provider = new Source(clock, 60 * minute).provider();
      const seen: unknown[] = [];
      // A fetch ahead of their end is begun by asking, not by looking.
      for (const time of [0, 1, 44 * minute, 45 * minute]) {
        timer(time).subscribe(() => {
          seen.push((provider.current?.() as { accessKeyId: string } | undefined)?.accessKeyId);
          if (time === 0) firstOf(provider).subscribe();
        });
      }
      flush();
      expect(seen).toEqual([undefined, '1', '1', undefined]);
    });
  });

  it('keeps what has no end, until it is told that it was refused', async () => {
    const source = new Source(() => 0, Infinity);
    const provider = source.provider();
    const first = await given(provider);
    expect(await given(provider)).toBe(first);
    provider.invalidate?.({ accessKeyId: 'another', accessKeySecret: 'secret' });
    provider.invalidate?.({ accessKeyId: '1', accessKeySecret: 'secret' });
    provider.invalidate?.({ bearerToken: '1' });
    expect(await given(provider)).toBe(first);
    provider.invalidate?.({ accessKeyId: '1', accessKeySecret: 'secret', securityToken: 'token' });
    expect(await given(provider)).toMatchObject({ accessKeyId: '2' });
    // Told late, by a call that was sent before.
    provider.invalidate?.({ accessKeyId: '1', accessKeySecret: 'secret', securityToken: 'token' });
    expect(source.fetches).toBe(2);
    expect(await given(provider)).toMatchObject({ accessKeyId: '2' });
    expect(source.fetches).toBe(2);
  });

  it('gives refused ones to nobody, not even where no others can be had', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute, 100);
      const provider = source.provider();
      timer(minute).subscribe(
        () =>
          (source.instead = () =>
            timer(10).pipe(
              map(() => {
                throw new Error('no');
              }),
            )),
      );
      // The call at 59.5 waits for new ones when the old ones are refused.
      timer(59.5 * minute + 5).subscribe(() =>
        provider.invalidate?.({ accessKeyId: '1', accessKeySecret: 'secret', securityToken: 'token' }),
      );
      const came = askedAt(provider, [0, 59.5 * minute]);
      flush();
      expect(came).toEqual(['1', 'no']);
    });
  });

  it('gives expired ones to those who waited, and fetches again for the next', async () => {
    const source = new Source(() => 1000, -1);
    const provider = source.provider();
    expect(await given(provider)).toMatchObject({ accessKeyId: '1' });
    expect(await given(provider)).toMatchObject({ accessKeyId: '2' });
  });

  it('ends a fetch that takes too long, in the background as well', () => {
    virtually(({ clock, flush }) => {
      const source = new Source(clock, 60 * minute);
      const provider = source.provider({ timeout: 5000 });
      timer(minute).subscribe(() => (source.instead = () => NEVER));
      const underWay = readAt([50 * minute + 4999, 50 * minute + 5001], () => source.underWay);
      const came = askedAt(provider, [0, 50 * minute, 61 * minute]);
      flush();
      expect(came).toEqual(['1', '1', 'no credentials came within 5000 ms']);
      expect(underWay).toEqual([1, 0]);
    });
  });

  it('leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const provider = refreshing(() => Promise.resolve({ accessKeyId: 'id', accessKeySecret: 's', expires: 1000 }), {
      clock: () => 0,
    });
    await given(provider);
    expect(timers()).toBe(before);
  });

  it('can be asked from within', () => {
    const source = new Subject<ExpiringCredentials>();
    const provider = refreshing(() => source, { clock: () => 0 });
    const came: unknown[] = [];
    const ask = provider() as Observable<unknown>;
    ask.subscribe(() => ask.subscribe((credentials) => came.push(credentials)));
    source.next({ accessKeyId: 'id', accessKeySecret: 'secret', expires: 1000 });
    expect(came).toHaveLength(1);
    expect(source.observed).toBe(false);
  });

  it.each<[what: string, fetch: () => unknown, message: RegExp]>([
    ['nothing', () => [], /^the provider completed without giving credentials$/],
    ['half of a key', () => [{ accessKeyId: 'hunter2' }], /^expected the provider to give \{ accessKeyId, /],
    ['a key of spaces', () => [{ accessKeyId: 'id', accessKeySecret: 'hunter 2' }], /^expected the provider to give/],
    ['no number', () => [{ bearerToken: 'hunter2', expires: 'tomorrow' }], /^expected `expires` to be a number/],
    ['NaN', () => [{ bearerToken: 'hunter2', expires: NaN }], /^expected `expires` to be a number/],
    [
      'a throw',
      () => {
        throw new Error('no');
      },
      /^no$/,
    ],
    [
      'no Observable',
      () => 5,
      /^expected the provider to return an Observable or a Promise of credentials, got a number$/,
    ],
    ['a text', () => 'hunter2', /^expected the provider to return .*, got a string$/],
    ['an object', () => ({ accessKeyId: 'id', accessKeySecret: 'hunter2' }), /^expected .* return .*, got an object$/],
    ['undefined', () => undefined, /^expected the provider to return .*, got nothing$/],
    ['a Promise of nothing', () => Promise.resolve(null), /^expected the provider to give .*, got nothing$/],
    ['a Promise that fails', () => Promise.reject(new Error('')), /^the provider failed, and does not say why$/],
  ])('takes %s for a failure', async (_what, fetch, message) => {
    let fetches = 0;
    const provider = refreshing(() => (fetches++, fetch() as ObservableInput<ExpiringCredentials>));
    const error = await errorOf(provider);
    expect(error).toMatchObject({
      code: 'SDK.CredentialsUnavailable',
      message: expect.stringMatching(message) as string,
    });
    expect(shownOf(error)).not.toContain('hunter');
    await errorOf(provider);
    expect(fetches).toBe(2);
  });

  it.each([
    [{ ahead: -1 }, 'Expected `ahead` to be milliseconds from 0 to 2147483647, got -1'],
    [{ timeout: '5' }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got a string'],
    [{ clock: 5 }, 'Expected `clock` to be a function, got 5'],
    [{ margins: 5 }, 'Expected `margins` to be absent, as there is no such option (did you mean `margin`?), got 5'],
  ])('refuses %j', (options, message) => {
    expect(() => refreshing(() => [], options as RefreshOptions)).toThrow(message);
  });
});

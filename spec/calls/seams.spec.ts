/** What one stage leaves to another: each of these was once broken without a spec that noticed. */
import {
  concat,
  delay,
  firstValueFrom,
  map,
  merge,
  of,
  Subject,
  take,
  takeUntil,
  throwError,
  timer,
  toArray,
} from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey, bearerToken, type CredentialsProvider } from '../../lib/credentials/credentials.js';
import { NetworkError } from '../../lib/errors.js';
import type { CallInterceptor } from '../../lib/interceptor.js';
import { RateLimiter } from '../../lib/throttling/rate-limiter.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { refusal, throttle } from './support.js';
import { after, answerTo, bytes, piece, playOn, serverSent, whole, type Reply } from './wire.js';

const busy = refusal(503, 'ServiceUnavailable');
const reset = new NetworkError('closed', 'https://ecs', 'ECONNRESET');
const hostOf = ({ url }: HttpRequest): string => new URL(url).host;

describe('the host of a call', () => {
  it('is that of its region, whichever was called before', () => {
    playOn(answerTo, {}, ({ run, wire, flush }) => {
      for (const regionId of ['cn-hangzhou', 'cn-beijing', 'cn-hangzhou']) run(whole, {}, { regionId });
      run(whole, { RegionId: 'cn-shanghai' });
      run(whole);
      flush();
      expect(wire.sent.map(({ request }) => hostOf(request))).toEqual([
        'ecs.cn-hangzhou.aliyuncs.com',
        'ecs.cn-beijing.aliyuncs.com',
        'ecs.cn-hangzhou.aliyuncs.com',
        'ecs.cn-shanghai.aliyuncs.com',
        'ecs.cn-hangzhou.aliyuncs.com',
      ]);
    });
  });
});

describe('a stream that has begun', () => {
  it.each([
    ['bytes', bytes, { observe: 'stream' }, piece('a'), piece('a')],
    ['server-sent events', serverSent, {}, piece('data: {"N":1}\n\n'), { N: 1 }],
  ])('is not repeated where it breaks: %s', (_, operation, options, sent, given) => {
    const pieces$ = concat(
      of(sent),
      throwError(() => reset),
    );
    const begun = (request: HttpRequest): Reply => ({ ...answerTo(request), pieces$ });
    playOn(begun, { retry: { maxAttempts: 5 } }, ({ run, wire, flush }) => {
      const ending = run(operation, {}, options);
      flush();
      expect(ending).toMatchObject({ values: [given], error: { code: 'SDK.NetworkError' }, at: 0 });
      expect(wire.sent).toHaveLength(1);
    });
  });

  it('is repeated where it breaks before its head', () => {
    const reply = (request: HttpRequest, sent: number) =>
      sent === 1 ? throwError(() => reset) : of(answerTo(request));
    playOn(reply, {}, ({ run, flush }) => {
      const ending = run(serverSent);
      flush();
      expect(ending).toEqual({ values: [{ N: 1 }, { N: 2 }], error: undefined, at: 100 });
    });
  });

  it('goes on when its deadline comes', () => {
    const pieces$ = timer(30, 30).pipe(
      take(3),
      map(() => piece('a')),
    );
    playOn(
      (request) => ({ ...answerTo(request), pieces$ }),
      { deadline: 50 },
      ({ run, flush }) => {
        const ending = run(bytes, {}, { observe: 'stream' });
        flush();
        expect(ending).toEqual({ values: [piece('a'), piece('a'), piece('a')], error: undefined, at: 90 });
      },
    );
  });

  it('ends at its deadline where its head has not come by then', () => {
    playOn(
      (request) => of(answerTo(request)).pipe(delay(60)),
      { deadline: 50 },
      ({ run, wire, flush }) => {
        const ending = run(bytes, {}, { observe: 'stream' });
        flush();
        expect(ending).toMatchObject({ values: [], error: { phase: 'deadline' }, at: 50 });
        expect(wire.inFlight).toBe(0);
      },
    );
  });
});

describe('a throttle', () => {
  const forTwoSeconds = throttle({ 'x-acs-retry-after': '2000' });

  it.each<[what: string, one: CredentialsProvider, other: CredentialsProvider]>([
    ['access keys', accessKey('LTAI5tOne', 'secret'), accessKey('LTAI5tTwo', 'secret')],
    ['tokens', bearerToken('token-one'), bearerToken('token-two')],
  ])('is that of its credentials, also where clients share a throttle guard: %s', (_, one, other) => {
    const rateLimiter = new RateLimiter();
    playOn(after([forTwoSeconds]), { credentials: one, rateLimiter }, ({ run, watch, wire, flush }) => {
      run(whole, { Marker: 'first' });
      const elsewhere = new AlicloudClient({
        regionId: 'cn-hangzhou',
        credentials: other,
        transport: wire,
        rateLimiter,
      });
      const free = watch(elsewhere.call(whole, { Marker: 'other' }));
      const held = run(whole, { Marker: 'same' });
      flush();
      expect([free.at, held.at]).toEqual([0, 2000]);
    });
  });

  it('is that of the region which the request names', () => {
    playOn(after([forTwoSeconds]), {}, ({ run, flush }) => {
      run(whole, { RegionId: 'cn-beijing' });
      const [same, byOption, other] = [
        run(whole, { RegionId: 'cn-beijing' }),
        run(whole, {}, { regionId: 'cn-beijing' }),
        run(whole),
      ];
      flush();
      expect([same.at, byOption.at, other.at]).toEqual([2000, 2000, 0]);
    });
  });

  it('is that of the host where there is no region', () => {
    const [one, two] = ['https://one.example.com', 'https://two.example.com'];
    playOn(after([forTwoSeconds]), { regionId: undefined, endpoint: one }, ({ run, flush }) => {
      run(whole);
      const [same, other] = [run(whole), run(whole, {}, { endpoint: two })];
      flush();
      expect([same.at, other.at]).toEqual([2000, 0]);
    });
  });

  it('leaves the call its turn before those that have come since', () => {
    playOn(after([forTwoSeconds]), {}, ({ run, wire, at, flush }) => {
      run(whole, { Marker: 'first' });
      at(500, () => run(whole, { Marker: 'second' }));
      at(1000, () => run(whole, { Marker: 'third' }));
      flush();
      expect(wire.markers).toEqual(['first 0', 'first 2000', 'second 2000', 'third 2000']);
    });
  });

  it('does not shorten a wait that is longer', () => {
    playOn(after([forTwoSeconds]), { retry: () => 5000 }, ({ run, wire, flush }) => {
      run(whole, { Marker: 'first' });
      flush();
      expect(wire.markers).toEqual(['first 0', 'first 5000']);
    });
  });

  const spent = { 'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:2000,Reset:1' };

  it.each([
    [499, 'NotThere', 2000],
    [500, 'InternalError', 0],
    [502, 'HTTP.502', 0],
    [503, 'ServiceUnavailable', 0],
  ])('is learnt from the quota of an answer only below 500: %i', (status, code, at) => {
    playOn(after([refusal(status, code, spent)]), { retry: false }, ({ run, flush }) => {
      run(whole);
      const next = run(whole);
      flush();
      expect(next.at).toBe(at);
    });
  });
});

describe('the clock that an attempt was signed by', () => {
  const server = Date.UTC(2026, 0, 31, 8);
  const expiredAt = (time: number): Reply =>
    refusal(400, 'InvalidTimeStamp.Expired', { date: new Date(time).toUTCString() });

  it('is known when its refusal comes, so that what is not wrong is not repeated', () => {
    // The first teaches that the clock is an hour late. The second was signed by that, and is refused all the same.
    const reply = after([
      expiredAt(server),
      answerTo({ url: 'https://ecs', method: 'GET', headers: {} }),
      expiredAt(server),
    ]);
    playOn(reply, { clock: () => server - 3_600_000 }, ({ run, wire, flush }) => {
      run(whole, { Marker: 'first' });
      flush();
      const ending = run(whole, { Marker: 'second' });
      flush();
      expect(ending.error).toMatchObject({ code: 'InvalidTimeStamp.Expired' });
      expect(wire.markers).toEqual(['first 0', 'first 0', 'second 0']);
    });
  });

  it.each([
    ['late', -3_600_000, '07:00:00'],
    ['early', 3_600_000, '09:00:00'],
  ])('is taken off again before a second correction is worked out, where the clock is %s', (_, off, wrong) => {
    const reply = after([
      expiredAt(server),
      answerTo({ url: 'https://ecs', method: 'GET', headers: {} }),
      expiredAt(server + 7_200_000),
    ]);
    playOn(reply, { clock: () => server + off }, ({ run, wire, flush }) => {
      run(whole);
      flush();
      run(whole);
      flush();
      expect(wire.sent.map(({ request }) => request.headers['x-acs-date'])).toEqual([
        `2026-01-31T${wrong}Z`,
        '2026-01-31T08:00:00Z',
        '2026-01-31T08:00:00Z',
        '2026-01-31T10:00:00Z',
      ]);
    });
  });
});

describe('calls without the async mode', () => {
  const slowly = (request: HttpRequest) => of(answerTo(request)).pipe(delay(50));

  it('are counted while they run', () => {
    playOn(slowly, {}, ({ client, run, flush }) => {
      run(whole);
      run(whole);
      const seen: unknown[] = [];
      client.stats$.pipe(take(2)).subscribe(({ running, waiting }) => seen.push({ running, waiting }));
      flush();
      expect(seen).toEqual([
        { running: 2, waiting: 0 },
        { running: 0, waiting: 0 },
      ]);
    });
  });

  it('are waited for by a shutdown', () => {
    playOn(slowly, {}, ({ client, run, now, flush }) => {
      const ending = run(whole);
      const seen: unknown[] = [];
      client.shutdown().subscribe({ next: (left) => seen.push(left), complete: () => seen.push(now()) });
      flush();
      expect(seen).toEqual([{ running: 1, waiting: 0 }, { running: 0, waiting: 0 }, 50]);
      expect(ending.values).toEqual([{ N: 1 }]);
    });
  });

  it('are ended by closing the client', () => {
    playOn(slowly, {}, ({ client, run, wire, flush }) => {
      const ending = run(whole);
      client.close();
      flush();
      expect([ending.error?.code, ending.at, wire.inFlight]).toEqual(['SDK.Aborted', 0, 0]);
    });
  });
});

// A call that has nothing around its queue and no observer is subscribed to in fewer steps than others.
describe('a call that nobody observes', () => {
  it('ends with its subscription', () => {
    playOn(
      (request) => of(answerTo(request)).pipe(delay(50)),
      {},
      ({ client, wire, at, flush }) => {
        const seen: unknown[] = [];
        const subscription = client.call(whole, {}).subscribe((value) => seen.push(value));
        const piped = client.call(whole, {}).pipe(map((value) => seen.push(value)));
        const pipedSubscription = piped.subscribe();
        at(20, () => {
          subscription.unsubscribe();
          pipedSubscription.unsubscribe();
          expect(wire.inFlight).toBe(0);
        });
        flush();
        expect(seen).toEqual([]);
      },
    );
  });

  it('is not sent where it is left while it is being subscribed to', () => {
    const stop$ = new Subject<void>();
    const credentials = (): ReturnType<CredentialsProvider> => {
      stop$.next();
      return accessKey('LTAI5tId', 'the-secret')();
    };
    playOn(answerTo, { credentials }, ({ client, watch, wire, flush }) => {
      const ending = watch(client.call(whole, {}).pipe(takeUntil(stop$)));
      flush();
      expect(ending).toEqual({ values: [], error: undefined, at: 0 });
      expect(wire.sent).toEqual([]);
    });
  });

  it('gives no more than is wanted of a stream that comes at once', async () => {
    let asked = 0;
    const pieces$ = of('a', 'b', 'c').pipe(map((text) => (asked++, piece(text))));
    let first: Promise<unknown> | undefined;
    playOn(
      (request) => ({ ...answerTo(request), pieces$ }),
      {},
      ({ client, wire }) => {
        first = firstValueFrom(client.call(bytes, {}, { observe: 'stream' }));
        expect(wire.inFlight).toBe(0);
      },
    );
    expect(await first).toEqual(piece('a'));
    expect(asked).toBe(1);
  });
});

describe('an interceptor that makes a call twice at the same time', () => {
  const twice: CallInterceptor = (next) => (call) =>
    merge(next(call), next({ ...call, request: { Marker: 'other' } })).pipe(
      toArray(),
      map(([one, other]) => ({
        ...(one as object),
        body: [one, other].map((event) => (event as { body: unknown }).body),
      })),
    ) as never;

  it('has two calls, each with all its attempts', () => {
    playOn(after([busy, busy, busy, busy]), { interceptors: [twice] }, ({ run, wire, flush }) => {
      const ending = run(whole, { Marker: 'one' });
      flush();
      expect(ending).toEqual({ values: [[{ N: 1 }, { N: 1 }]], error: undefined, at: 300 });
      expect(wire.markers).toEqual(['one 0', 'other 0', 'one 100', 'other 100', 'one 300', 'other 300']);
    });
  });

  it('has two places in the pool', () => {
    const slowly = (request: HttpRequest) => of(answerTo(request)).pipe(delay(50));
    const options = { interceptors: [twice], enableAsync: true, poolSize: 1 };
    playOn(slowly, options, ({ run, wire, flush }) => {
      run(whole, { Marker: 'one' });
      flush();
      expect(wire.markers).toEqual(['one 0', 'other 50']);
    });
  });
});

it('what credentials take counts in the timeout of the attempt, and what a throttle takes does not', () => {
  const credentials: CredentialsProvider = () => of({ accessKeyId: 'id', accessKeySecret: 'secret' }).pipe(delay(30));
  const reply = (request: HttpRequest, sent: number) =>
    sent === 1 ? of(throttle({ 'x-acs-retry-after': '2000' })) : of(answerTo(request)).pipe(delay(100));
  playOn(reply, { credentials, timeout: 50, retry: { maxAttempts: 2 } }, ({ run, flush }) => {
    const ending = run(whole);
    flush();
    // Refused at 30, asks for credentials until 60, is held until 2030, and has 20 left.
    expect(ending).toMatchObject({ at: 2050, error: { phase: 'attempt', spent: { credentials: 60 } } });
  });
});

import {
  config,
  distinctUntilChanged,
  filter,
  finalize,
  firstValueFrom,
  map,
  take,
  takeUntil,
  timer,
  Subscription,
  type Observable,
} from 'rxjs';
import type { CallEvent, ClientStats, ThrottledEvent } from '../../lib/events/events.js';
import type { LimitOptions } from '../../lib/throttling/limit-options.js';
import { RateLimiter } from '../../lib/throttling/rate-limiter.js';
import { ok, play, read, refusal, throttle, write } from './support.js';

const busy = refusal(503, 'ServiceUnavailable');

/** Of what is held back here. */
const key = { region: 'cn-hangzhou', product: 'Ecs', operation: 'DescribeZones' };

function told(events: readonly CallEvent[]): [type: string, id: number, time: number][] {
  return events.map(({ type, call, time }) => [type, call.id, time]);
}

it('tell of a call from its beginning to its end', () => {
  play(
    [
      [5, busy],
      [7, ok()],
    ],
    {},
    ({ client, events, run, flush }) => {
      run(client.call(read, {}));
      flush();
      expect(told(events)).toEqual([
        ['started', 1, 0],
        ['attempt', 1, 0],
        ['response', 1, 5],
        ['retried', 1, 5],
        ['attempt', 1, 105],
        ['response', 1, 112],
        ['finished', 1, 112],
      ]);
      expect(events[0]).toMatchObject({
        call: { product: 'Ecs', version: '2014-05-26', action: 'DescribeZones' },
        queued: 0,
      });
      expect(events[2]).toMatchObject({
        attempt: 1,
        duration: 5,
        response: { status: 503 },
        error: { code: 'ServiceUnavailable' },
      });
      expect(events[3]).toMatchObject({ attempt: 1, kind: 'transient', wait: 100 });
      expect(events[5]).toMatchObject({ attempt: 2, response: { status: 200, body: '{"N":1}' }, error: undefined });
      expect(events[6]).toMatchObject({ duration: 112, attempts: 2 });
    },
  );
});

it('tell of waiting, of being refused, and of failing', () => {
  const options = { enableAsync: true, poolSize: 1, maxTaskQueueSize: 1, retry: false } as const;
  play([[5, ok()], refusal(404, 'NotThere')], options, ({ client, events, run, flush }) => {
    [1, 2, 3].forEach(() => run(client.call(read, {})));
    flush();
    expect(told(events)).toEqual([
      ['started', 1, 0],
      ['attempt', 1, 0],
      ['queued', 2, 0],
      ['refused', 3, 0],
      ['response', 1, 5],
      ['started', 2, 5],
      ['attempt', 2, 5],
      ['response', 2, 5],
      ['finished', 1, 5],
      ['failed', 2, 5],
    ]);
    expect(events[5]).toMatchObject({ queued: 5 });
    expect(events[3]).toMatchObject({ error: { code: 'SDK.AsyncQueueFull' } });
    expect(events[9]).toMatchObject({ error: { code: 'NotThere' }, attempts: 1 });
  });
});

it('tell of chan and callback calls, too, and refuse those while the async mode is off', () => {
  play([ok()], {}, ({ client, events, flush }) => {
    client.callWithChan(read, {});
    flush();
    expect(told(events)).toEqual([['refused', 1, 0]]);
  });
});

it('tell of a call that is left', () => {
  play(['never'], {}, ({ client, events, flush, scheduler }) => {
    const subscription = client.call(read, {}).subscribe();
    scheduler.schedule(() => subscription.unsubscribe(), 5);
    flush();
    expect(told(events).at(-1)).toEqual(['cancelled', 1, 5]);
  });
});

it('take a call for finished of which one response was wanted', () => {
  play([ok()], {}, ({ client, events }) => {
    void firstValueFrom(client.call(read, {}));
    expect(told(events).at(-1)).toEqual(['finished', 1, 0]);
  });
});

it('tell of throttles', () => {
  play([throttle({ 'x-acs-retry-after': '50' }), ok()], {}, ({ client, events, run, flush }) => {
    run(client.call(read, {}));
    flush();
    expect(told(events).map(([type]) => type)).toEqual([
      'started',
      'attempt',
      'response',
      'retried',
      'throttled',
      'attempt',
      'response',
      'finished',
    ]);
    expect(events[4]).toMatchObject({ type: 'throttled', time: 0, until: 50, key });
    expect(Object.keys((events[4] as ThrottledEvent).key)).toEqual(['region', 'product', 'operation']);
  });
});

it('tell for how long the throttle that is longest holds back', () => {
  const spent = { 'x-ratelimit-user': 'Remain:0,Limit:10,Time:1,TimeLeft:70' };
  play([throttle({ 'x-acs-retry-after': '50', ...spent }), ok()], {}, ({ client, events, run, flush }) => {
    run(client.call(read, {}));
    flush();
    const throttled = events.filter(({ type }) => type === 'throttled');
    expect(throttled).toMatchObject([{ time: 0, until: 70, key: { ...key, operation: undefined } }]);
  });
});

it('and stats tell what is held back, until when, and how many wait', () => {
  play([throttle({ 'x-acs-retry-after': '1500' }), [400, ok()]], {}, ({ client, run, flush }) => {
    run(client.call(read, {}));
    run(client.call(read, {}));
    const seen: ClientStats[] = [];
    client
      .watchStats({ period: 1000 })
      .pipe(takeUntil(timer(9000)))
      .subscribe((stats) => seen.push(stats));
    flush();
    const told = seen.map(({ throttled }) => throttled);
    expect(told.slice(0, 2)).toEqual([[{ ...key, until: 1500, waiting: 2 }], []]);
  });
});

describe('of limits of the client itself', () => {
  const limits: readonly LimitOptions[] = [
    { rate: { limit: 1, interval: 1000 } },
    { by: ({ options, account }) => `${String(options?.tag)} of ${account}`, concurrency: 1 },
  ];

  it('tell which one holds a call back, until when, and for whom', () => {
    play([[300, ok()]], { rateLimiter: new RateLimiter({ limits }) }, ({ client, events, run, flush }) => {
      run(client.call(read, {}, { tag: 'nightly' }));
      run(client.call(write, {}, { tag: 'nightly' }));
      run(client.call(read, {}, { tag: 'daily' }));
      flush();
      const throttled = events.filter(({ type }) => type === 'throttled');
      expect(throttled).toEqual([
        expect.objectContaining({ key: { limit: '1 at a time', name: 'nightly of ***' }, until: undefined }),
        expect.objectContaining({ key: { limit: '1 in 1000 ms', ...key }, until: 1000 }),
      ]);
    });
  });

  it('and stats tell how many wait for each, and nothing once nobody does', () => {
    play([[300, ok()]], { rateLimiter: new RateLimiter({ limits }) }, ({ client, run, flush }) => {
      for (let i = 0; i < 3; i++) run(client.call(read, {}, { tag: 'daily' }));
      run(client.call(write, {}, { tag: 'daily' }));
      const seen: ClientStats['throttled'][] = [];
      client
        .watchStats()
        .pipe(
          takeUntil(timer(9000)),
          map(({ throttled }) => throttled),
          distinctUntilChanged((one, other) => JSON.stringify(one) === JSON.stringify(other)),
        )
        .subscribe((throttled) => seen.push(throttled));
      flush();
      const perSecond = { limit: '1 in 1000 ms', ...key };
      const atATime = { limit: '1 at a time', name: 'daily of ***', until: undefined };
      expect(seen).toEqual([
        [
          { ...perSecond, until: 1000, waiting: 2 },
          { ...atATime, waiting: 3 },
        ],
        [
          { ...perSecond, until: 1000, waiting: 2 },
          { ...atATime, waiting: 2 },
        ],
        [{ ...perSecond, until: 1000, waiting: 2 }],
        [
          { ...perSecond, until: 2000, waiting: 1 },
          { ...atATime, waiting: 1 },
        ],
        [{ ...perSecond, until: 2000, waiting: 1 }],
        [],
      ]);
    });
  });
});

it('show no secret', () => {
  play([throttle({ 'x-acs-retry-after': '50' }), ok()], {}, ({ client, events, run, flush }) => {
    run(client.call(read, {}));
    flush();
    const text = JSON.stringify(events);
    expect(text).toContain('x-acs-signature-nonce');
    expect(text).not.toMatch(/the-secret|Signature=[0-9a-f]/);
  });
});

describe('heard by a listener that throws', () => {
  const reported: unknown[] = [];
  beforeEach(() => {
    reported.length = 0;
    config.onUnhandledError = (error) => reported.push(error);
  });
  afterEach(() => (config.onUnhandledError = null));

  const broken = new Error('a listener');
  const fail = (): never => {
    throw broken;
  };
  const foreign = { next: fail, error: fail, complete: fail };
  const types = ['started', 'attempt', 'response', 'retried', 'throttled', 'attempt', 'response', 'finished'];
  const untilAttempt = (events$: Observable<CallEvent>) =>
    takeUntil(events$.pipe(filter(({ type }) => type === 'attempt')));

  it.each<[what: string, listen: (events$: Observable<CallEvent>) => unknown, times: number]>([
    ['in its handler', (events$) => events$.subscribe(fail), types.length],
    ['in an operator', (events$) => events$.pipe(map(fail)).subscribe(), 1],
    // These RxJS keeps to itself.
    ['in its finaliser', (events$) => events$.pipe(finalize(fail), take(1)).subscribe(), 0],
    ['in its finaliser, at an event', (events$) => events$.pipe(finalize(fail), untilAttempt(events$)).subscribe(), 0],
    // It is taken as it is, as that of another copy of RxJS would be.
    ['as a Subscriber', (events$) => events$.subscribe(Object.assign(new Subscription(), foreign)), types.length],
  ])('cost neither the call nor other listeners anything: %s', async (_, listen, times) => {
    play([throttle({ 'x-acs-retry-after': '50' }), ok()], {}, ({ client, transport, events, run, flush }) => {
      listen(client.events$);
      const seen: string[] = [];
      client.events$.subscribe(({ type }) => seen.push(type));
      const ending = run(client.call(read, {}));
      flush();
      expect(ending).toEqual({ values: [{ N: 1 }], error: undefined, at: 50 });
      expect(transport.times).toEqual([0, 50]);
      expect(events.map(({ type }) => type)).toEqual(types);
      expect(seen).toEqual(types);
    });
    // RxJS 8 reports from a timer of the machine's, in virtual time as well.
    await new Promise((resolve) => setTimeout(resolve));
    expect(reported).toEqual(Array(times).fill(broken));
  });
});

it('are counted for the stats', () => {
  const options = { enableAsync: true, poolSize: 1 };
  play([[1400, ok()]], options, ({ client, run, flush }) => {
    run(client.call(read, {}));
    run(client.call(read, {}));
    const seen: ClientStats[] = [];
    client.stats$.pipe(takeUntil(timer(9000))).subscribe((stats) => seen.push(stats));
    flush();
    expect(seen.map(({ running, waiting, rates }) => [running, waiting, rates.started])).toEqual([
      [1, 1, 0],
      [1, 0, 1],
      [1, 0, 0],
      // It has finished, a second later of which nothing is said.
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

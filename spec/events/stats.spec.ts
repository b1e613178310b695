import {
  asyncScheduler,
  catchError,
  defer,
  delay,
  EMPTY,
  ignoreElements,
  map,
  merge,
  NEVER,
  of,
  share,
  tap,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { CallEvent, ClientStats, FleetStats, ThrottledKey } from '../../lib/events/events.js';
import { statsOf, type Counts, type WatchedClient } from '../../lib/events/stats.js';
import { ClientError } from '../../lib/errors.js';
import { answered, eventOf } from './support.js';

const error = new ClientError('SDK.NetworkError', 'no');
const ended = { duration: 1, attempts: 1 };
const events: Readonly<Record<string, CallEvent>> = {
  q: eventOf('queued', {}),
  s: eventOf('started', { queued: 0 }),
  n: answered(),
  f: eventOf('finished', ended),
  x: eventOf('failed', { ...ended, error }),
  c: eventOf('cancelled', ended),
  r: eventOf('refused', { error }),
  t: eventOf('retried', { attempt: 1, kind: 'transient', error, wait: 1 }),
  h: eventOf('throttled', { key: {}, until: 0 }),
  d: eventOf('drifted', { drift: [] }),
};

const still = { started: 0, finished: 0, failed: 0, cancelled: 0, refused: 0, retried: 0, throttled: 0, drifted: 0 };
const stats = (rates: Partial<ClientStats['rates']>, running = 2, waiting = 3): ClientStats => ({
  running,
  waiting,
  poolSize: 5,
  throttled: [],
  fleet: undefined,
  rates: { ...still, ...rates },
});
const counts = (): Counts => ({ running: 2, waiting: 3, poolSize: 5 });
const idle = (): Counts => ({ running: 0, waiting: 0, poolSize: 5 });
const watching = (
  events$: Observable<CallEvent>,
  current = counts,
  more: Partial<WatchedClient> = {},
): WatchedClient => ({
  events$,
  changes$: NEVER,
  counts: current,
  throttled: () => [],
  throttledChanges$: NEVER,
  fleet: () => undefined,
  ...more,
});

/** Runs in virtual time, a frame a millisecond. */
function virtually(spec: (scheduler: Parameters<Parameters<TestScheduler['run']>[0]>[0]) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(spec);
}

const never = '-';

describe('the stats of a client', () => {
  it('come at once, and no timer runs while nothing happens', () => {
    virtually(({ hot, expectObservable }) => {
      const asked: (number | undefined)[] = [];
      const scheduler: SchedulerLike = {
        now: () => asyncScheduler.now(),
        schedule(...args: Parameters<SchedulerLike['schedule']>) {
          asked.push(args[1]);
          return asyncScheduler.schedule(...args);
        },
      };
      expectObservable(statsOf(watching(hot(never, events), idle), { scheduler }), '5000ms !').toBe('a', {
        a: stats({}, 0, 0),
      });
      // One look whether that was all.
      expectObservable(defer(() => of(asked)).pipe(delay(4000))).toBe('4000ms (a|)', { a: [100] });
    });
  });

  it('come with every change, at most one a period, and count what happened in the last second', () => {
    virtually(({ hot, expectObservable }) => {
      const events$ = hot('500ms s 9ms (ss) 100ms f', events);
      const expected = '   a 499ms b 99ms c 99ms d 799ms e 99ms f 99ms g';
      expectObservable(statsOf(watching(events$, idle)), '2500ms !').toBe(expected, {
        a: stats({}, 0, 0),
        b: stats({ started: 1 }, 0, 0),
        c: stats({ started: 3 }, 0, 0),
        d: stats({ started: 3, finished: 1 }, 0, 0),
        e: stats({ started: 2, finished: 1 }, 0, 0),
        f: stats({ finished: 1 }, 0, 0),
        g: stats({}, 0, 0),
      });
    });
  });

  it.each([10, 250, 333, 1000])('come as often as asked: every %d ms', (period) => {
    virtually(({ hot, expectObservable }) => {
      const events$ = hot('1500ms s', events);
      const shown = Math.ceil(1000 / period) * period;
      expectObservable(
        statsOf(watching(events$, idle), { period }).pipe(map(({ rates }) => rates.started)),
        '3500ms !',
      ).toBe(`0 1499ms 1 ${shown - 1}ms 0`, { 0: 0, 1: 1 });
    });
  });

  it('count each kind of event on its own', () => {
    virtually(({ hot, expectObservable }) => {
      const events$ = hot('200ms (qsnfxcrthddccrrr)', events);
      const rates = {
        started: 1,
        finished: 1,
        failed: 1,
        cancelled: 3,
        refused: 4,
        retried: 1,
        throttled: 1,
        drifted: 2,
      };
      expectObservable(statsOf(watching(events$)), '500ms !').toBe('a 199ms b', { a: stats({}), b: stats(rates) });
    });
  });

  it('tell of calls that were begun before, of which no event tells', () => {
    virtually(({ hot, expectObservable }) => {
      let running = 1;
      const ends$ = timer(450).pipe(tap(() => (running = 0)));
      const counts = (): Counts => ({ running, waiting: 0, poolSize: 5 });
      const stats$ = merge(ends$.pipe(ignoreElements()), statsOf(watching(hot(never, events), counts)));
      expectObservable(stats$, '3000ms !').toBe('a 499ms b', { a: stats({}, 1, 0), b: stats({}, 0, 0) });
    });
  });

  it('say how many calls there are when whoever tells of one has done with it', () => {
    virtually(({ hot, expectObservable }) => {
      let running = 0;
      const counts = (): Counts => ({ running, waiting: 0, poolSize: 5 });
      const stats$ = statsOf(watching(hot('150ms s', events), counts));
      // After those that were subscribed before, in the same turn.
      const late$ = hot('150ms s', events).pipe(
        tap(() => (running = 7)),
        ignoreElements(),
      );
      expectObservable(merge(stats$, late$), '200ms !').toBe('a 149ms b', {
        a: stats({}, 0, 0),
        b: stats({ started: 1 }, 7, 0),
      });
    });
  });

  it('come where a size changes, and complete with the client, after what is last', () => {
    virtually(({ hot, cold, expectObservable }) => {
      let poolSize: number | undefined = 5;
      const changes$ = cold('200ms c 299ms d 499ms |').pipe(
        tap({ next: (at) => (poolSize = at === 'c' ? 9 : undefined) }),
        share(),
      );
      const counts = (): Counts => ({ running: 0, waiting: 0, poolSize });
      const stats$ = statsOf(watching(hot('990ms s', events), counts, { changes$ }));
      const of$ = (size: number | undefined, rates = {}) => ({ ...stats(rates, 0, 0), poolSize: size });
      expectObservable(stats$).toBe('a 199ms b 299ms c 489ms d 9ms |', {
        a: of$(5),
        b: of$(9),
        c: of$(undefined),
        d: of$(undefined, { started: 1 }),
      });
    });
  });

  it('come once, where the client is closed already', () => {
    virtually(({ hot, expectObservable }) => {
      const watched = watching(hot(never, events), idle, { changes$: EMPTY });
      expectObservable(statsOf(watched)).toBe('(a|)', { a: stats({}, 0, 0) });
    });
  });

  it('run for each subscriber, and for nobody else', () => {
    virtually(({ hot, expectObservable, expectSubscriptions }) => {
      const events$ = hot('500ms f', events);
      const stats$ = statsOf(watching(events$, idle));
      const [a, b] = [stats({}, 0, 0), stats({ finished: 1 }, 0, 0)];
      expectObservable(stats$, '     ^ 599ms !').toBe('a 499ms b', { a, b });
      expectObservable(stats$, '600ms ^ 999ms -!').toBe('600ms a', { a });
      expectSubscriptions(events$.subscriptions).toBe(['^ 599ms !', '600ms ^ 999ms -!']);
    });
  });

  it.each([0, 1001, 1.5, '5', Number.NaN, null])('refuse %p for a period', (period) => {
    virtually(({ hot, expectObservable }) => {
      const stats$ = statsOf(watching(hot(never, events)), { period: period as number });
      const refused = stats$.pipe(catchError((error: unknown) => of((error as Error).message.replace(/, got .*/, ''))));
      expectObservable(refused).toBe('(a|)', { a: 'Expected `period` to be an integer from 1 to 1000' });
    });
  });

  it('tell what is held back, and look until nothing is', () => {
    virtually(({ hot, expectObservable }) => {
      const key = { product: 'Ecs', operation: 'RunInstances', until: 1230, waiting: 0 };
      const throttled = (): readonly ThrottledKey[] => (asyncScheduler.now() < 1230 ? [key] : []);
      const stats$ = statsOf(watching(hot(never, events), idle, { throttled }));
      expectObservable(stats$, '5000ms !').toBe('a 1299ms b', {
        a: { ...stats({}, 0, 0), throttled: [key] },
        b: stats({}, 0, 0),
      });
    });
  });

  it('tell when it ends by the clock on the wall, whatever that of the machine began at', () => {
    jest.spyOn(performance, 'now').mockReturnValue(5000);
    jest.spyOn(Date, 'now').mockReturnValue(1_700_000_005_000);
    const seen: unknown[] = [];
    const watched = watching(NEVER, idle, { throttled: () => [{ product: 'Ecs', until: 7000, waiting: 1 }] });
    const subscription = statsOf(watched).subscribe(({ throttled }) => seen.push(...throttled));
    subscription.unsubscribe();
    jest.restoreAllMocks();
    expect(seen).toEqual([{ product: 'Ecs', until: 1_700_000_007_000, waiting: 1 }]);
  });

  describe('of a client that shares a queue', () => {
    const few: FleetStats = { running: 1, waiting: 3, delayed: 4, failed: 5 };
    const many: FleetStats = { ...few, running: 2 };
    const of$ = (fleet: FleetStats | undefined): ClientStats => ({ ...stats({}, 0, 0), fleet });

    it('tell of the fleet as it is told of, and ask for as long as somebody listens', () => {
      virtually(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const fleet$ = cold('50ms a 999ms b', { a: few, b: many });
        const stats$ = statsOf(watching(hot(never, events), idle, { fleet: () => fleet$ }));
        expectObservable(stats$, '2000ms !').toBe('u 99ms a 949ms b', { u: of$(undefined), a: of$(few), b: of$(many) });
        expectSubscriptions(fleet$.subscriptions).toBe('^ 1999ms !');
      });
    });

    it('tell of none while it can not be asked, which is tried again after five seconds', () => {
      virtually(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const fleet$ = cold('50ms a 949ms #', { a: few });
        const stats$ = statsOf(watching(hot(never, events), idle, { fleet: () => fleet$ }));
        const expected = 'u 99ms a 899ms u 5049ms a';
        expectObservable(stats$, '6500ms !').toBe(expected, { u: of$(undefined), a: of$(few) });
        expectSubscriptions(fleet$.subscriptions).toBe(['^ 999ms !', '6000ms ^ 499ms !']);
      });
    });

    it('tell of none once the mode is off, and of another when it is on again', () => {
      virtually(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const first$ = cold('a', { a: few });
        const second$ = cold('b', { b: many });
        let fleet$: typeof first$ | undefined = first$;
        const changes$ = hot('500ms x 499ms y 499ms z', { x: undefined, y: second$, z: second$ }).pipe(
          tap((next) => (fleet$ = next)),
          share(),
        );
        const stats$ = statsOf(watching(hot(never, events), idle, { changes$, fleet: () => fleet$ }));
        const expected = 'u 99ms a 399ms u 499ms b';
        expectObservable(stats$, '2000ms !').toBe(expected, { u: of$(undefined), a: of$(few), b: of$(many) });
        expectSubscriptions(first$.subscriptions).toBe('^ 499ms !');
        expectSubscriptions(second$.subscriptions).toBe('1000ms ^ 999ms !');
      });
    });
  });
});

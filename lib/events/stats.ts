import {
  asapScheduler,
  asyncScheduler,
  catchError,
  concat,
  defer,
  distinctUntilChanged,
  EMPTY,
  exhaustMap,
  expand,
  filter,
  ignoreElements,
  last,
  map,
  merge,
  observeOn,
  of,
  skipWhile,
  switchMap,
  takeUntil,
  tap,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { backgroundTimer } from '../platform/background-timer.js';
import { isVirtual, monotonicNow } from '../clock/monotonic.js';
import { checkOptions, withMethod, type Rules } from '../schema/options.js';
import type { CallEvent, ClientStats, FleetStats, ThrottledKey } from './events.js';

/** How many calls a client has at the moment. */
export type Counts = Pick<ClientStats, 'running' | 'waiting' | 'poolSize'>;

/** Of `watchStats`. */
export interface StatsOptions {
  /** How much time there is at least between two values, in milliseconds: an integer from 1 to 1000. @default 100 */
  readonly period?: number | undefined;
  /**
   * Times the values.
   * @default timers of the platform that no process and no render waits for; within `testScheduler.run` its virtual time
   */
  readonly scheduler?: SchedulerLike | undefined;
}

/** What is watched. */
export interface WatchedClient {
  readonly events$: Observable<CallEvent>;
  /** Emits where sizes change, and completes with the client. */
  readonly changes$: Observable<unknown>;
  readonly counts: () => Counts;
  /** What is held back; `until` is by `monotonicNow()`. */
  readonly throttled: () => readonly ThrottledKey[];
  /** Emits where that has changed, and no event tells of it. */
  readonly throttledChanges$: Observable<unknown>;
  /** Tells of the queue that the client shares, for as long as it is subscribed to; after a change it may be another one. */
  readonly fleet: () => Observable<FleetStats> | undefined;
}

interface Look {
  readonly stats: ClientStats;
  readonly isNew: boolean;
}

const second = 1000;
/** How long a fleet is left alone that could not be asked, in milliseconds. */
const askAgainAfter = 5 * second;

/** Made when they are needed: in the package this file is evaluated before the one that has their parts. */
const rules = (): Rules<StatsOptions> => ({
  period: {
    expected: `an integer from 1 to ${second}`,
    fits: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= second,
  },
  scheduler: withMethod('schedule'),
});

/**
 * How a client is doing: at once, and then with every change, at most one value a `period`. It looks once a `period` while calls are
 * in flight or held back, or the last second is not over, as a call that was begun before tells of nothing; else no timer runs.
 * It completes when the client is closed and nothing is left. It errors with `SDK.InvalidConfiguration`.
 */
export function statsOf(
  { events$, changes$, counts, throttled, throttledChanges$, fleet }: WatchedClient,
  options: StatsOptions = {},
): Observable<ClientStats> {
  return defer(() => {
    checkOptions(options, rules());
    const { period = 100, scheduler } = options;
    const waitFor = (time: number): Observable<0> =>
      scheduler === undefined && !isVirtual() ? backgroundTimer(time) : timer(time, scheduler);
    const wait$ = waitFor(period);
    // Once, as the two clocks differ by a millisecond more or less from one look to the next.
    const epoch = asyncScheduler.now() - monotonicNow();
    let ofFleet: FleetStats | undefined;
    // Of the last second, a period each.
    const past: Rates[] = [];
    let rates = noRates();
    let latest: ClientStats | undefined;

    function look(): Look {
      past.push(rates);
      rates = noRates();
      if (past.length * period > second) past.splice(0, past.length - Math.ceil(second / period));
      const held = throttled().map(({ until, ...key }) => ({
        ...key,
        until: until === undefined ? until : until + epoch,
      }));
      const stats = { ...counts(), throttled: held, fleet: ofFleet, rates: sumOf(past) };
      const isNew = latest === undefined || !isSame(stats, latest);
      latest = stats;
      return { stats, isNew };
    }

    const looks = (begin$: Observable<unknown>): Observable<Look> =>
      begin$.pipe(
        map(look),
        expand(({ stats, isNew }) => (isNew || !isStill(stats) ? wait$.pipe(map(look)) : EMPTY)),
      );
    const fleet$ = merge(of(null), changes$).pipe(
      map(fleet),
      distinctUntilChanged(),
      switchMap((told$) => (told$ === undefined ? of(undefined) : untilItCanBeAsked(told$, waitFor(askAgainAfter)))),
      // That nothing is told is known from the start.
      skipWhile((told) => told === undefined),
      tap((told) => (ofFleet = told)),
    );
    const woken$ = merge(events$.pipe(tap((event) => count(rates, event))), changes$, throttledChanges$, fleet$).pipe(
      // What an event tells of has not happened to all of a client before it has been told.
      map(() => of(0).pipe(observeOn(asapScheduler))),
    );
    const looks$ = merge(woken$, of(of(0))).pipe(exhaustMap(looks), takeUntil(changes$.pipe(last(null, 0))));
    return concat(
      looks$,
      defer(() => of(look())),
    ).pipe(
      filter(({ isNew }) => isNew),
      map(({ stats }) => stats),
    );
  });
}

/** Where it can't be told how the fleet is doing, nothing is told, and it is asked again later. */
function untilItCanBeAsked(fleet$: Observable<FleetStats>, wait$: Observable<0>): Observable<FleetStats | undefined> {
  return fleet$.pipe(catchError((_, again$) => concat(of(undefined), wait$.pipe(ignoreElements()), again$)));
}

type Rates = { -readonly [Kind in keyof ClientStats['rates']]: number };

/** New ones each time: they are counted up in place, as there may be very many events in a second. */
function noRates(): Rates {
  return { started: 0, finished: 0, failed: 0, cancelled: 0, refused: 0, retried: 0, throttled: 0, drifted: 0 };
}

function count(rates: Rates, { type }: CallEvent): void {
  if (isCounted(type, rates)) rates[type]++;
}

function isCounted(type: CallEvent['type'], rates: Rates): type is CallEvent['type'] & keyof Rates {
  return type in rates;
}

function sumOf(all: readonly Rates[]): Rates {
  const sum = noRates();
  for (const rates of all) {
    for (const kind of kindsIn(sum)) sum[kind] += rates[kind];
  }
  return sum;
}

function isStill({ running, waiting, throttled, rates }: ClientStats): boolean {
  return running + waiting + throttled.length === 0 && kindsIn(rates).every((kind) => rates[kind] === 0);
}

function isSame(one: ClientStats, other: ClientStats): boolean {
  return (
    one.running === other.running &&
    one.waiting === other.waiting &&
    one.poolSize === other.poolSize &&
    JSON.stringify([one.throttled, one.fleet]) === JSON.stringify([other.throttled, other.fleet]) &&
    kindsIn(one.rates).every((kind) => one.rates[kind] === other.rates[kind])
  );
}

function kindsIn(rates: ClientStats['rates']): (keyof Rates)[] {
  return Object.keys(rates) as (keyof Rates)[];
}

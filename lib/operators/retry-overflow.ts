import { AsyncScope } from '#platform';
import {
  asyncScheduler,
  defer,
  EMPTY,
  finalize,
  merge,
  NEVER,
  of,
  repeat,
  retry,
  Subject,
  Subscription,
  switchMap,
  take,
  tap,
  throwError,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { WaitingList, WaitingValue } from '../queues/waiting-list.js';
import type { AlicloudClient } from '../client.js';
import { isClientError, type AsyncQueueFullError } from '../errors.js';
import { inContextOf } from '../pipeline/in-context-of.js';
import { checkOptions, integerFrom, milliseconds, withMethod, type Rules } from '../schema/options.js';
import { clockOf } from './clock-of.js';

export interface RetryOverflowOptions {
  /** The client whose queue is full: each change of its stats shows whether there is room. @default none, and calls try again with growing pauses */
  readonly client?: Pick<AlicloudClient, 'watchStats'> | undefined;
  /** How long a call may wait for room, in milliseconds, >= 0. 0 is no limit. @default 60000 */
  readonly timeout?: number | undefined;
  /** How many calls may wait for room: an integer >= 0. @default 10000 */
  readonly maxWaiting?: number | undefined;
  /** Without a `client`, the pause before the first of those that wait tries again, in milliseconds, >= 0; it doubles up to a second. @default 50 */
  readonly interval?: number | undefined;
  /** What time is taken from. @default asyncScheduler */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Lets a call that finds the queue full (`SDK.AsyncQueueFull`) wait for room instead of failing.
 *
 * Make it once, and pipe all calls of a client through the same: they wait in one line, first in, first out, and the end of one
 * lets the next in at once. Room that other calls make is found by `client`, or by trying, the first of the line alone. A call
 * for which there is no room within `timeout`, or no place in the line, ends in its `SDK.AsyncQueueFull`. Unsubscribing leaves
 * the line in O(1).
 *
 * @example
 * const patiently = retryOverflow({ client });
 * from(regions).pipe(mergeMap((RegionId) => client.describeInstances({ RegionId }).pipe(patiently))).subscribe();
 *
 * @throws ConfigurationError at once, for options that can't work
 */
export function retryOverflow(options: RetryOverflowOptions = {}): <T>(source: Observable<T>) => Observable<T> {
  checkOptions(options, rules());
  const line = new Line(options);
  return (source) =>
    defer(() => {
      const place = new Place();
      // Its turn comes in the async context of the call whose end makes room.
      const inOwnContext = inContextOf<unknown>(new AsyncScope());
      const attempt$ = defer(() => {
        let refused = false;
        return source.pipe(
          tap({ error: (error) => (refused = isOverflow(error)) }),
          finalize(() => {
            if (!refused) line.advance();
          }),
        );
      });
      // Whoever comes while others wait stands behind them; whose turn it was tries at once.
      let queues = !line.isEmpty;
      return defer(() => {
        if (!queues) return attempt$;
        queues = false;
        return line.admit(place).pipe(
          inOwnContext,
          switchMap(() => attempt$),
        );
      }).pipe(
        retry({
          delay: (error) =>
            isOverflow(error) ? line.wait(place, error).pipe(inOwnContext) : throwError(() => error as unknown),
        }),
      );
    });
}

/** Made when it is needed, so that bundlers can leave out what is not. */
function rules(): Rules<RetryOverflowOptions> {
  return {
    client: {
      expected: 'a client',
      fits: (value) => typeof value === 'object' && value !== null && 'watchStats' in value,
    },
    timeout: milliseconds,
    maxWaiting: integerFrom(0),
    interval: milliseconds,
    scheduler: withMethod('schedule'),
  };
}

/** The longest pause between two tries, in milliseconds. */
const longestPause = 1000;

function isOverflow(error: unknown): error is AsyncQueueFullError {
  return isClientError(error, 'SDK.AsyncQueueFull');
}

/** What one subscription has to do with the line. */
class Place {
  turn$ = new Subject<void>();
  entry: WaitingValue<Place> | undefined;
  waitsUntil: number | undefined;
}

/** The calls that wait for room; the first of them tries whenever there may be some. */
class Line {
  private readonly waiting = new WaitingList<WaitingValue<Place>>();
  /** Stays at the front until it has been let in. */
  private first: Place | undefined;
  private trying = false;
  private refused = false;
  private lastError: AsyncQueueFullError | undefined;
  private lookout: Subscription | undefined;

  constructor(private readonly options: RetryOverflowOptions) {}

  get isEmpty(): boolean {
    return this.first === undefined && this.waiting.size === 0;
  }

  /** Emits when it is the turn of one that has not tried yet. */
  admit(place: Place): Observable<unknown> {
    return this.lastError === undefined ? of(undefined) : this.wait(place, this.lastError);
  }

  /** Emits when it is the turn of one that was refused. Errors with the refusal where it may wait no longer. */
  wait(place: Place, error: AsyncQueueFullError): Observable<unknown> {
    const { maxWaiting = 10_000, timeout = 60_000, scheduler = asyncScheduler } = this.options;
    this.lastError = error;
    const isFirst = this.first === place;
    const length = this.waiting.size + (this.first === undefined ? 0 : 1);
    if (!isFirst && length >= maxWaiting) return throwError(() => error);
    if (isFirst) this.refused = true;
    else this.waiting.push((place.entry = new WaitingValue(place)));

    const now = clockOf(scheduler);
    place.waitsUntil ??= now() + timeout;
    const timeUp$ = timeout === 0 ? NEVER : timer(Math.max(0, place.waitsUntil - now()), scheduler);
    const refusal$ = timeUp$.pipe(
      tap(() => {
        throw error;
      }),
    );
    // Last, as there may be room at once.
    const looked$ = defer(() => {
      this.look();
      return EMPTY;
    });
    return merge(place.turn$, refusal$, looked$).pipe(
      take(1),
      finalize(() => this.leave(place)),
    );
  }

  /** There may be room: lets the first try, and then the next, until one is refused. */
  advance(): void {
    if (this.trying) return;
    this.trying = true;
    try {
      for (;;) {
        this.first ??= this.waiting.shift()?.value;
        if (this.first === undefined) break;
        this.refused = false;
        this.first.turn$.next();
        // What was refused is in the line again, or has given up; that is seen within its turn.
        if (this.hasRefused()) break;
        this.first = undefined;
      }
    } finally {
      this.trying = false;
      if (this.isEmpty) this.stopLooking();
    }
  }

  private hasRefused(): boolean {
    return this.refused;
  }

  private leave(place: Place): void {
    place.entry?.remove();
    place.entry = undefined;
    if (!this.trying && this.first === place) this.first = undefined;
    if (this.isEmpty) this.stopLooking();
  }

  private look(): void {
    if (this.lookout !== undefined || this.isEmpty) return;
    this.lookout = new Subscription();
    this.lookout.add(this.room$().subscribe(() => this.advance()));
  }

  private stopLooking(): void {
    this.lookout?.unsubscribe();
    this.lookout = undefined;
  }

  private room$(): Observable<unknown> {
    const { client, interval = 50, scheduler = asyncScheduler } = this.options;
    if (client !== undefined) {
      return client.watchStats({ scheduler }).pipe(
        // The pool may have been resized since it refused; while it is off, there is room for all.
        switchMap(({ running, waiting, poolSize = Infinity }) => {
          const { maxTaskQueueSize = 0 } = this.lastError ?? {};
          return running + waiting < poolSize + maxTaskQueueSize ? of(undefined) : EMPTY;
        }),
      );
    }
    let pause = interval;
    return defer(() => timer(pause, scheduler)).pipe(
      tap(() => (pause = Math.min(longestPause, Math.max(1, pause * 2)))),
      repeat(),
    );
  }
}

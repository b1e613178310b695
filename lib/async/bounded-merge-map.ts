import {
  from,
  ignoreElements,
  merge,
  mergeMap,
  Observable,
  Subject,
  takeUntil,
  tap,
  throwError,
  type ObservableInput,
  type ObservedValueOf,
  type OperatorFunction,
} from 'rxjs';
import { AsyncQueueFullError, AsyncQueueTimeoutError } from '../errors.js';
import type { AdaptiveSize, QueueDiscipline } from '../queues/discipline.js';
import { openList } from '../queues/open-list.js';
import type { QueuePlace } from '../queues/waiting-list.js';
import { checkOption, checkOptions, ofType, withMethod, type Rule, type Rules } from '../schema/options.js';
import { BoundedSlots } from './bounded.js';
import { limitFrom } from './sizes.js';
import { subscribeInSlot } from './subscribe-in-slot.js';

export type { QueuePlace };

export interface BoundedMergeMapOptions<T, R = never> {
  /**
   * How many inner Observables run at a time: an integer >= 1, or `Infinity`, or `adaptive({ min, max })` of
   * `rx-alicloud/queues`.
   */
  readonly concurrent: number | AdaptiveSize<T>;
  /** How many values may wait: an integer >= 0, or `Infinity`. Those that run are not counted. */
  readonly capacity: number;
  /**
   * Which value is next, and what becomes of those that wait too long or find no room: what `fifo()`, `priority(…)` and `fair(…)`
   * of `rx-alicloud/queues` give, or a queue of your own.
   * @default first in, first out
   */
  readonly queue?: QueueDiscipline<T> | undefined;
  /**
   * Answers a value that is not started: one that found everything full, had to make room, or waited for longer than the queue's
   * `maxQueueTime`. What it returns is merged into the output.
   * @default the output errors with the {@link AsyncQueueFullError} or the {@link AsyncQueueTimeoutError}
   */
  readonly dropped?:
    ((value: T, error: AsyncQueueFullError | AsyncQueueTimeoutError) => ObservableInput<R>) | undefined;
  /**
   * Told of each value that has to wait, with its place: `place.remove()` takes it out, and says whether it still waited.
   * @default none
   */
  readonly queued?: ((value: T, place: QueuePlace) => void) | undefined;
  /**
   * Nothing is started while the last that it has emitted is `true`; what runs goes on. It is subscribed to with the output.
   * @default never
   */
  readonly paused?: ObservableInput<boolean> | undefined;
  /**
   * Emits new sizes; what is left out stays. To grow starts at once what waits; to shrink lets finish what runs, and keeps what
   * waits. It is subscribed to with the output.
   * @default none
   */
  readonly resized?: ObservableInput<BoundedMergeMapSizes> | undefined;
  /** Called each time that nothing runs and nothing waits any more; what it throws is an error of the output. @default none */
  readonly idle?: (() => void) | undefined;
}

/** As those of the options. */
export interface BoundedMergeMapSizes {
  readonly concurrent?: number | undefined;
  readonly capacity?: number | undefined;
}

/**
 * `mergeMap` with a bounded queue: at most `concurrent` inner Observables run, at most `capacity` values wait, first in, first out
 * unless `queue` says otherwise, and a value that finds both full goes to `dropped`.
 *
 * In all else it is `mergeMap(project, concurrent)`, except that it costs O(1) for each value however many wait, that
 * any number of inner Observables may end synchronously, and that a value arriving while others are being started
 * (from within a handler, say) is started after them instead of in their midst. After 1,000 starts in one go the rest
 * is started from a macrotask.
 *
 * ```ts
 * of('a', 'b', 'c', 'd').pipe(
 *   boundedMergeMap((name) => timer(10).pipe(map(() => name)), {
 *     concurrent: 2, capacity: 1, dropped: (name) => of(`no room for ${name}`),
 *   }),
 * ).subscribe(console.log);
 * // no room for d, a, b, c
 * ```
 *
 * @throws ConfigurationError at once, when `concurrent` or `capacity` is out of its range, or there is no such option
 * @see mergeMapFrom, which pulls values from an iterable as slots become free, and so never refuses one
 */
export function boundedMergeMap<T, O extends ObservableInput<unknown>, R = never>(
  project: (value: T, index: number) => O,
  options: BoundedMergeMapOptions<T, R>,
): OperatorFunction<T, ObservedValueOf<O> | R> {
  checkOption('project', project, ofType('function'));
  const rules = optionRules();
  checkOptions(options, rules);
  const { concurrent, capacity, queue, dropped, queued, paused, resized, idle } = options;
  checkOption('concurrent', concurrent, rules.concurrent);
  checkOption('capacity', capacity, rules.capacity);
  const plain = queue?.open ?? openList;
  const [size, open] =
    typeof concurrent === 'number' ? [concurrent, plain] : [concurrent.min, concurrent.govern(plain)];
  const start = subscribeInSlot(({ value }: { readonly value: T }, index) => project(value, index));

  return (source) =>
    new Observable((subscriber) => {
      const dropped$ = new Subject<() => ObservableInput<R>>();
      const over$ = new Subject<void>();
      const slots = new BoundedSlots(start, {
        concurrent: size,
        capacity,
        open,
        dropped: (value, error) =>
          dropped$.next(() => (dropped && isDrop(error) ? dropped(value, error) : throwError(() => error))),
        idle: idle && (() => attempt(idle, (error) => dropped$.next(() => throwError(() => error)))),
      });
      subscriber.add(() => slots.clear());

      const over = () => {
        dropped$.complete();
        over$.next();
      };
      const paused$ = from(paused ?? []).pipe(tap((suspended) => slots.suspend(suspended)));
      const resized$ = from(resized ?? []).pipe(
        tap((sizes) => {
          checkOptions(sizes, sizeRules(), 'resized.');
          slots.resize(sizes.concurrent ?? slots.poolSize, sizes.capacity);
        }),
      );
      const source$ = source.pipe(
        tap({
          next: (value) => {
            const place = slots.admit(value);
            if (place) queued?.(value, place);
          },
          complete: () => slots.end(),
        }),
      );
      merge(
        slots.results.pipe(tap({ complete: over })),
        dropped$.pipe(mergeMap((answer) => answer())),
        merge(paused$, resized$).pipe(takeUntil(over$), ignoreElements()),
        source$.pipe(ignoreElements()),
      ).subscribe(subscriber);
    });
}

/** What a function of the user's throws is an error of the output, and never breaks off the work on the slots. */
function attempt(work: () => void, fail: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    fail(error);
  }
}

function isDrop(error: unknown): error is AsyncQueueFullError | AsyncQueueTimeoutError {
  return error instanceof AsyncQueueFullError || error instanceof AsyncQueueTimeoutError;
}

const input: Rule = {
  expected: 'an Observable, or what can be made one',
  fits: (value) => {
    try {
      return from(value as ObservableInput<unknown>) !== undefined;
    } catch {
      return false;
    }
  },
};

function concurrency(value: unknown, path: string): void {
  const adaptive = withMethod('govern');
  checkOption(path, value, adaptive.fits(value) ? adaptive : limitFrom(1));
}

/** Made when they are needed, like those below: what is called when a file is loaded stays in every bundle. */
function sizeRules(): Rules<BoundedMergeMapSizes> {
  return { concurrent: limitFrom(1), capacity: limitFrom(0) };
}

function optionRules(): Rules<BoundedMergeMapOptions<unknown, unknown>> {
  return {
    concurrent: concurrency,
    capacity: limitFrom(0),
    queue: withMethod('open', 'a queue of rx-alicloud/queues, such as fair(…) gives'),
    dropped: ofType('function'),
    queued: ofType('function'),
    paused: input,
    resized: input,
    idle: ofType('function'),
  };
}

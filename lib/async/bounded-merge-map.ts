import {
  filter,
  merge,
  mergeMap,
  Observable,
  tap,
  throwError,
  type ObservableInput,
  type ObservedValueOf,
  type OperatorFunction,
} from 'rxjs';
import { AsyncQueueFullError } from '../errors.js';
import { BoundedSlots } from './bounded.js';
import { checkOption, checkOptions, ofType, type Rules } from '../schema/options.js';
import { limitFrom } from './sizes.js';
import { subscribeInSlot } from './subscribe-in-slot.js';
import { WaitingValue, type QueuePlace } from './waiting-list.js';

export type { QueuePlace };

export interface BoundedMergeMapOptions<T, R = never> {
  /** How many inner Observables run at a time: an integer >= 1, or `Infinity`. */
  readonly concurrent: number;
  /** How many values may wait: an integer >= 0, or `Infinity`. Those that run are not counted. */
  readonly capacity: number;
  /**
   * Answers a value that found everything full; what it returns is merged into the output.
   * @default the output errors with an {@link AsyncQueueFullError}
   */
  readonly overflow?: (value: T) => ObservableInput<R>;
  /**
   * Told of each value that has to wait, with its place: `place.remove()` takes it out, and says whether it still waited.
   * @default none
   */
  readonly queued?: (value: T, place: QueuePlace) => void;
}

/**
 * `mergeMap` with a bounded waiting list: at most `concurrent` inner Observables run, at most `capacity` values wait,
 * first in, first out, and a value that finds both full goes to `overflow`.
 *
 * In all else it is `mergeMap(project, concurrent)`, except that it costs O(1) for each value however many wait, that
 * any number of inner Observables may end synchronously, and that a value arriving while others are being started
 * (from within a handler, say) is started after them instead of in their midst. After 1,000 starts in one go the rest
 * is started from a macrotask.
 *
 * ```ts
 * of('a', 'b', 'c', 'd').pipe(
 *   boundedMergeMap((name) => timer(10).pipe(map(() => name)), {
 *     concurrent: 2, capacity: 1, overflow: (name) => of(`no room for ${name}`),
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
  checkOptions(options, rules);
  const { concurrent, capacity, overflow, queued } = options;
  checkOption('concurrent', concurrent, rules.concurrent);
  checkOption('capacity', capacity, rules.capacity);
  const refuse = overflow ?? (() => throwError(() => new AsyncQueueFullError(concurrent, capacity)));
  const start = subscribeInSlot(({ value }: WaitingValue<T>, index) => project(value, index));

  return (source) =>
    new Observable((subscriber) => {
      const slots = new BoundedSlots(start, concurrent, capacity);
      subscriber.add(() => slots.waiting.clear());

      const admitted = (value: T): boolean => {
        const place = new WaitingValue(value);
        const fate = slots.admit(place);
        if (fate === 'waiting') queued?.(value, place);
        return fate !== 'refused';
      };
      const refused$ = source.pipe(
        filter((value) => !admitted(value)),
        tap({ complete: () => slots.end() }),
        mergeMap(refuse),
      );
      merge(slots.results, refused$).subscribe(subscriber);
    });
}

const rules: Rules<BoundedMergeMapOptions<unknown, unknown>> = {
  concurrent: limitFrom(1),
  capacity: limitFrom(0),
  overflow: ofType('function'),
  queued: ofType('function'),
};

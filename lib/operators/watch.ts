import {
  asyncScheduler,
  catchError,
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  repeat,
  throwError,
  type Observable,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { failureKindOf } from '../retry/is-retryable.js';
import { pause } from '../retry/pause.js';
import {
  checkOption,
  checkOptions,
  integerFrom,
  milliseconds,
  ofType,
  invalidOption,
  withMethod,
  type Rules,
} from '../schema/options.js';
import { isPlainObject } from '../schema/values.js';
import { clockOf } from './clock-of.js';
import { deepEqual } from './deep-equal.js';
import { listChanges, type ListChanges } from './list-changes.js';
import { throttledFor } from './throttled-for.js';

export interface WatchOptions {
  /** From the start of a round to the next one's, in milliseconds, an integer >= 1. Required. */
  readonly period: number;
  /** The longest period while the server throttles, in milliseconds, >= 0. @default eight times `period` */
  readonly maxPeriod?: number | undefined;
  /** Whether a round that fails as failures pass (the network, a timeout, HTTP 503) is skipped. @default false */
  readonly skipTransient?: boolean | undefined;
  /** What time is taken from. @default asyncScheduler */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Makes the call at once and then every `period`, without an end, and emits each answer. A round that would begin while the
 * one before is under way is skipped: there is never more than one request.
 *
 * A throttle ends no watch. It doubles the period, up to `maxPeriod`, or takes as long as the server asks, and an answer brings
 * the period back. Failures that pass are skipped with `skipTransient`; any other error ends the watch, as does `unsubscribe`,
 * which aborts the request under way.
 *
 * With `changes: true` it emits only what differs from the answer before, but for the `RequestId`, which always does. With
 * `changes: keyOf`, for a call that gives a list, it emits which items were added, changed and removed, by their keys; the
 * first emission is all of them, added.
 *
 * @example
 * const instances$ = client.describeInstances({ PageSize: 100 }).pipe(map(({ Instances }) => Instances?.Instance ?? []));
 * watch(instances$, { period: 10_000, changes: ({ InstanceId }) => InstanceId }).subscribe(({ added, changed, removed }) => {
 *   console.log(added.length, changed.map(({ after }) => after.Status), removed.length);
 * });
 *
 * @throws ConfigurationError at once, for options that can't work
 * @see pollUntil, for what has an end
 */
export function watch<T>(
  call: Observable<readonly T[]>,
  options: WatchOptions & { readonly changes: (item: T) => unknown },
): Observable<ListChanges<T>>;
export function watch<T>(
  call: Observable<T>,
  options: WatchOptions & { readonly changes?: boolean | undefined },
): Observable<T>;
export function watch(
  call: Observable<unknown>,
  options: WatchOptions & { readonly changes?: boolean | ((item: unknown) => unknown) | undefined },
): Observable<unknown> {
  checkOption('call', call, withMethod('subscribe', 'an Observable'));
  checkOptions(options, rules());
  checkOption('period', options.period, integerFrom(1));
  const { changes = false } = options;
  const answers$ = rounds(call, options);
  if (typeof changes === 'function') return (answers$ as Observable<readonly unknown[]>).pipe(changesBy(changes));
  return changes ? answers$.pipe(distinctUntilChanged(isSameAnswer)) : answers$;
}

function rounds<T>(call: Observable<T>, options: WatchOptions): Observable<T> {
  const { period, maxPeriod = 8 * period, skipTransient = false, scheduler = asyncScheduler } = options;
  const now = clockOf(scheduler);
  return defer(() => {
    const first = now();
    let beat = 0;
    let wait = period;
    /** What a throttle asks for, until it is over. */
    let backoff: number | undefined;

    const skip = (error: unknown) => {
      const throttled = throttledFor(error);
      if (throttled !== undefined) {
        wait = Math.max(period, Math.min(wait * 2, maxPeriod));
        backoff = Math.max(wait, throttled);
        return EMPTY;
      }
      return skipTransient && failureKindOf(error) === 'transient' ? EMPTY : throwError(() => error);
    };
    /** On the beat of the first round. A timer that is early by a moment makes no round more. */
    const next = () => {
      const passed = now() - first;
      beat = Math.max(beat, Math.floor(passed / period));
      const rest = backoff ?? ++beat * period - passed;
      backoff = undefined;
      return pause(rest, scheduler);
    };

    return defer(() => call).pipe(
      concatMap((answer) => {
        wait = period;
        return [answer];
      }),
      catchError(skip),
      repeat({ delay: next }),
    );
  });
}

function isSameAnswer(before: unknown, after: unknown): boolean {
  return deepEqual(withoutRequestId(before), withoutRequestId(after));
}

function withoutRequestId(answer: unknown): unknown {
  if (!isPlainObject(answer)) return answer;
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !/^request_?id$/i.test(name)));
}

/** The first list is all added, and told even where it is empty. */
function changesBy<T>(keyOf: (item: T) => unknown): OperatorFunction<readonly T[], ListChanges<T>> {
  return (source) =>
    defer(() => {
      let before: ReadonlyMap<unknown, T> | undefined;
      return source.pipe(
        concatMap((items) => {
          const after = new Map(items.map((item) => [keyOf(item), item]));
          const changes = listChanges(before ?? new Map<unknown, T>(), after);
          const isFirst = before === undefined;
          before = after;
          if (changes !== undefined) return [changes];
          return isFirst ? [{ added: [], changed: [], removed: [], items: [] }] : [];
        }),
      );
    });
}

/** Made when it is needed, so that bundlers can leave out what is not. */
function rules(): Rules<WatchOptions & { readonly changes?: unknown }> {
  return {
    period: integerFrom(1),
    maxPeriod: milliseconds,
    skipTransient: ofType('boolean'),
    scheduler: withMethod('schedule'),
    changes: (value, path) => {
      if (typeof value !== 'boolean' && typeof value !== 'function')
        throw invalidOption(path, 'a boolean or a function', value);
    },
  };
}

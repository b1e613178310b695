import { defer, Observable, type ObservableInput, type ObservedValueOf } from 'rxjs';
import { checkOption, ofType } from '../schema/options.js';
import { limitFrom } from './sizes.js';
import { Slots } from './slots.js';
import { subscribeInSlot } from './subscribe-in-slot.js';

/**
 * `mergeMap` over values that are pulled: the next one is taken from `source` only when fewer than `concurrent` inner
 * Observables run, so that a long or endless source is read exactly as fast as it is worked off.
 *
 * Of an async iterable, one value is asked for at a time. Each subscription iterates anew. The iteration is closed
 * (`return()` is called) when the output is unsubscribed from or errors. An error of the iteration errors the output.
 *
 * ```ts
 * mergeMapFrom(['a', 'b', 'c'], (name) => timer(10).pipe(map(() => name)), 2).subscribe(console.log);
 * // a, b, then 10 ms later c
 * ```
 *
 * @param concurrent how many inner Observables run at a time: an integer >= 1, or `Infinity`
 * @throws ConfigurationError at once, when `concurrent` is out of its range
 * @see boundedMergeMap, for values that come whether or not there is room
 */
export function mergeMapFrom<T, O extends ObservableInput<unknown>>(
  source: Iterable<T> | AsyncIterable<T>,
  project: (value: T, index: number) => O,
  concurrent: number,
): Observable<ObservedValueOf<O>> {
  checkOption('project', project, ofType('function'));
  checkOption('concurrent', concurrent, limitFrom(1));

  return new Observable((subscriber) => {
    const { iterator, step } = iterate(source);
    let asked = false;
    let over = false;
    let arrived: IteratorYieldResult<T> | undefined;

    const answer = (result: IteratorResult<T>) => {
      asked = false;
      if (subscriber.closed) return close();
      if (result.done) {
        over = true;
        slots.end();
      } else {
        arrived = result;
        slots.fill();
      }
    };
    const fail = (error: unknown) => {
      over = true;
      subscriber.error(error);
    };
    const supply = () => {
      if (!asked && !over && !arrived) {
        asked = true;
        step(answer, fail);
      }
      const value = arrived;
      arrived = undefined;
      return value;
    };
    const close = () => {
      if (over) return;
      over = true;
      // An error has nobody left to go to here, so that it is reported as RxJS reports those.
      defer(async () => void (await iterator.return?.())).subscribe();
    };

    const slots = new Slots(
      concurrent,
      supply,
      subscribeInSlot(({ value }, index) => project(value, index)),
    );
    subscriber.add(() => {
      // A generator can't be closed from within its own `next()`: `answer` does it afterwards.
      if (!(asked && !isAsync(source))) close();
    });
    slots.results.subscribe(subscriber);
    slots.fill();
  });
}

type Step<T> = (answer: (result: IteratorResult<T>) => void, fail: (error: unknown) => void) => void;

/** The iteration, and its next step: answered at once where the iteration is synchronous. */
function iterate<T>(source: Iterable<T> | AsyncIterable<T>): {
  iterator: Iterator<T> | AsyncIterator<T>;
  step: Step<T>;
} {
  if (isAsync(source)) {
    const iterator = source[Symbol.asyncIterator]();
    const result$ = defer(() => iterator.next());
    return { iterator, step: (next, error) => void result$.subscribe({ next, error }) };
  }
  const iterator = source[Symbol.iterator]();
  const step: Step<T> = (answer, fail) => {
    let result;
    try {
      result = iterator.next();
    } catch (error) {
      return fail(error);
    }
    answer(result);
  };
  return { iterator, step };
}

function isAsync<T>(source: Iterable<T> | AsyncIterable<T>): source is AsyncIterable<T> {
  return Symbol.asyncIterator in Object(source);
}

import { defer, Observable, of, type ObservableInput, type ObservedValueOf } from 'rxjs';
import { requireLimit } from './sizes.js';
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
  requireLimit('concurrent', concurrent, 1);

  return new Observable((subscriber) => {
    const { iterator, step$ } = iterate(source);
    let asked = false;
    let over = false;
    let arrived: IteratorYieldResult<T> | undefined;

    const ask = () => {
      asked = true;
      step$.subscribe({
        next: (step) => {
          asked = false;
          if (subscriber.closed) return close();
          over = step.done === true;
          if (over) return slots.end();
          arrived = step as IteratorYieldResult<T>;
          slots.fill();
        },
        error: (error) => {
          over = true;
          subscriber.error(error);
        },
      });
    };
    const supply = () => {
      if (!asked && !over) ask();
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

    const slots = new Slots(concurrent, supply, subscribeInSlot(project));
    subscriber.add(() => {
      slots.stop();
      // A generator can't be closed from within its own `next()`: `ask` does it afterwards.
      if (!(asked && !isAsync(source))) close();
    });
    slots.results.subscribe(subscriber);
    slots.fill();
  });
}

/** The iteration, and its next step as an Observable, which is synchronous where the iteration is. */
function iterate<T>(source: Iterable<T> | AsyncIterable<T>) {
  if (isAsync(source)) {
    const iterator = source[Symbol.asyncIterator]();
    return { iterator, step$: defer(() => iterator.next()) };
  }
  const iterator = source[Symbol.iterator]();
  return { iterator, step$: defer(() => of(iterator.next())) };
}

function isAsync<T>(source: Iterable<T> | AsyncIterable<T>): source is AsyncIterable<T> {
  return Symbol.asyncIterator in Object(source);
}

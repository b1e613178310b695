import { Observable, of, switchMap } from 'rxjs';

/** What is there at once on one platform, as hashes are in Node, and comes later on another. */
export type Eventual<T> = T | Observable<T>;

/** Goes on with the value: at once and without an operator, where it is there. */
export function andThen<T, R>(value: Eventual<T>, next: (value: T) => Observable<R>): Observable<R>;
export function andThen<T, R>(value: Eventual<T>, next: (value: T) => Eventual<R>): Eventual<R>;
export function andThen<T, R>(value: Eventual<T>, next: (value: T) => Eventual<R>): Eventual<R> {
  if (!(value instanceof Observable)) return next(value);
  return value.pipe(
    switchMap((given) => {
      const result = next(given);
      return result instanceof Observable ? result : of(result);
    }),
  );
}

import { concat, defer, EMPTY, of, Subject, throwError, type Observable, type Subscription } from 'rxjs';

/** Subscribes to it at once, and keeps how it ends for who asks. `calls` ends it early. */
export function startEarly<T>(source$: Observable<T>, calls: Subscription): Observable<T> {
  let outcome$: Observable<T> | undefined;
  let value$: Observable<T> = EMPTY;
  const ended$ = new Subject<never>();
  const end = (how$: Observable<T>): void => {
    outcome$ = how$;
    ended$.complete();
  };
  calls.add(
    source$.subscribe({
      next: (value) => (value$ = of(value)),
      error: (error: unknown) => end(throwError(() => error)),
      complete: () => end(value$),
    }),
  );
  return concat(
    ended$,
    defer(() => outcome$ ?? EMPTY),
  );
}

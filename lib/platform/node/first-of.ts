import { catchError, defer, EMPTY, merge, Subject, switchMap, take, throwIfEmpty, timer, type Observable } from 'rxjs';

/**
 * The first value of any of the attempts, which are made one beside the other: each begins when the one before has failed,
 * or has had its head start, in milliseconds. Where all fail, it fails as the last of them did.
 */
export function firstOf<T>(attempts: readonly Observable<T>[], headStart: number): Observable<T> {
  return defer(() => {
    let reason: unknown;

    function from(index: number): Observable<T> {
      const attempt = attempts[index];
      if (attempt === undefined) return EMPTY;
      const failed = new Subject<void>();
      const own$ = attempt.pipe(
        catchError((error: unknown) => {
          reason = error;
          failed.next();
          return EMPTY;
        }),
      );
      const next$ = merge(timer(headStart), failed).pipe(
        take(1),
        switchMap(() => from(index + 1)),
      );
      // Nobody waits for a last one's head start.
      return index + 1 === attempts.length ? own$ : merge(next$, own$);
    }

    return from(0).pipe(
      take(1),
      throwIfEmpty(() => reason),
    );
  });
}

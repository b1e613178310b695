import { catchError, defer, of, tap, throwError, type Observable } from 'rxjs';
import { ClientError } from '../errors.js';

/** Loaded with its first subscription, and from then on emitted at once. A failure is not kept, so that the next one tries again. */
export function lazily<T>(load: () => Observable<T>): Observable<T> {
  let loaded: T | undefined;
  return defer(() => {
    if (loaded !== undefined) return of(loaded);
    return load().pipe(
      tap((value) => (loaded = value)),
      catchError((cause: unknown) => {
        const message = 'A part of rx-alicloud that this call needs could not be loaded';
        return throwError(() => new ClientError('SDK.NotLoaded', message, { cause }));
      }),
    );
  });
}

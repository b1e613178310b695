import { loadFeatures, loadPaging } from '#features';
import { catchError, defer, of, tap, throwError, type Observable } from 'rxjs';
import { ClientError } from '../errors.js';

/**
 * What a call that succeeds does without, and what reads lists. In Node they are there at once; a browser loads each with the
 * first call that needs it, and from then on it is emitted at once. A failure to load is not kept, so that the next call
 * tries again.
 */
export class LazyFeatures {
  readonly features$ = lazily(() => loadFeatures());
  readonly paging$ = lazily(() => loadPaging());
}

function lazily<T>(load: () => Observable<T>): Observable<T> {
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

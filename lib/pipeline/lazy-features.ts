import { loadDirectFeatures, loadFeatures, loadPaging } from '#features';
import { catchError, defer, of, tap, throwError, type Observable } from 'rxjs';
import { ClientError } from '../errors.js';

/**
 * What a call that succeeds does without, beside it what few calls need that are sent directly, and what reads lists. In Node
 * they are there at once; a browser loads each with the first call that needs it.
 */
export class LazyFeatures {
  readonly features$ = lazily(() => loadFeatures());
  readonly paging$ = lazily(() => loadPaging());
  readonly directFeatures$ = lazily(() => loadDirectFeatures());
}

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

import { loadFeatures, type Features } from '#features';
import { catchError, of, tap, throwError, type Observable } from 'rxjs';
import { ClientError } from '../errors.js';

/**
 * What a call that succeeds does without. In Node it is there at once; a browser loads it with the first call that needs it,
 * and from then on it is emitted at once. A failure to load it is not kept, so that the next call tries again.
 */
export class LazyFeatures {
  private loaded: Features | undefined;

  get features$(): Observable<Features> {
    if (this.loaded !== undefined) return of(this.loaded);
    return loadFeatures().pipe(
      tap((loaded) => (this.loaded = loaded)),
      catchError((cause: unknown) => {
        const message = 'A part of rx-alicloud that this call needs could not be loaded';
        return throwError(() => new ClientError('SDK.NotLoaded', message, { cause }));
      }),
    );
  }
}

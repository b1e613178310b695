import { catchError, defer, from, of, tap, throwError, type Observable } from 'rxjs';
import { ClientError } from '../errors.js';
import type * as features from './features.js';

export type Features = typeof features;

/**
 * What few calls need. In a bundle that is split it is a file of its own, and in Node it is not read before its time; once
 * it is there it is emitted at once. A failure to load it is not kept, so that the next call tries again.
 */
export class LazyFeatures {
  private loaded: Features | undefined;

  get features$(): Observable<Features> {
    if (this.loaded !== undefined) return of(this.loaded);
    return defer(() => from(import('./features.js'))).pipe(
      tap((loaded) => (this.loaded = loaded)),
      catchError((cause: unknown) => {
        const message = 'A part of rx-alicloud that this call needs could not be loaded';
        return throwError(() => new ClientError('SDK.NotLoaded', message, { cause }));
      }),
    );
  }
}

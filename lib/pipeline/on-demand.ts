import { catchError, defer, from, of, tap, throwError, type Observable } from 'rxjs';
import type * as rare from './rare.js';
import { ClientError } from '../errors.js';

let loaded: Rare | undefined;

type Rare = typeof rare;

/**
 * What few calls need: emitted at once, once it is there. In a bundle that is split it is a file of its own, and in Node it
 * is not read before its time. A failure to load it is not kept, so that the next call tries again.
 */
export const rare$: Observable<Rare> = defer(() =>
  // What is loaded once is the same for all, as with every import.
  loaded === undefined ? from(import('./rare.js')).pipe(tap((rare) => (loaded = rare))) : of(loaded),
).pipe(
  catchError((cause: unknown) => {
    const message = 'A part of rx-alicloud that this call needs could not be loaded';
    return throwError(() => new ClientError('SDK.NotLoaded', message, { cause }));
  }),
);

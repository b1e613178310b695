import { catchError, map, of, takeLast, throwIfEmpty, type Observable } from 'rxjs';
import { ClientError, toAlicloudError, type AlicloudError } from '../errors.js';

/** How a call ended: with a response, or with an error. */
export type Outcome<T> =
  | { readonly response: T; readonly error?: undefined }
  | { readonly response?: undefined; readonly error: AlicloudError };

/** Emits exactly one outcome, when the call has ended; never errors, and is never empty. */
export function outcomeOf<T>(call: Observable<T>): Observable<Outcome<T>> {
  return call.pipe(
    takeLast(1),
    throwIfEmpty(() => new ClientError('SDK.Unexpected', 'The call completed without a response')),
    map((response): Outcome<T> => ({ response })),
    catchError((error: unknown) => of({ error: toAlicloudError(error) })),
  );
}

/** What is refused before anything is sent, however it would be sent. */
import { catchError, map, type Observable } from 'rxjs';
import { ConfigurationError, InvalidRequestError } from '../errors.js';
import type { UnfitRequest } from '../codec/unfit-request.js';
import type { AnyOperation } from '../service.js';
import type { Runtime } from './runtime.js';

/** Errors with what is wrong with the request, or only says so where what finds that out can not be loaded. */
export function refusal({ lazyFeatures }: Runtime, unfit: UnfitRequest): Observable<never> {
  return lazyFeatures.features$.pipe(
    catchError(() => {
      const refused = { path: 'request', expected: 'what the operation takes', received: 'something else' };
      throw new InvalidRequestError(unfit.action, [refused]);
    }),
    map(({ refuseRequest }) => refuseRequest(unfit)),
  );
}

/** Of a call whose answer is wanted as it comes. */
export function requireBytes({ action, responseType = 'json' }: AnyOperation): void {
  if (responseType === 'bytes') return;
  const expected = `'body' or 'response', as the answer to ${action} is not bytes`;
  throw new ConfigurationError({ path: 'observe', expected, received: "'stream'" });
}

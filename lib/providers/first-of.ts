import { catchError, defer, from, map, take, throwIfEmpty, type Observable, type ObservableInput } from 'rxjs';
import type { Credentials } from '../credentials/credentials.js';
import { credentialKinds, readCredentials } from '../credentials/read-credentials.js';
import { isAlicloudError, messageOf } from '../errors.js';
import { describe } from '../schema/describe.js';
import { unavailable } from './unavailable.js';

/** Asks a provider once. A user's own gives anything: it is checked, and never shown. */
export function firstOf<Given extends Credentials>(provider: () => ObservableInput<Given>): Observable<Given> {
  return defer(() => observableOf(provider())).pipe(
    take(1),
    throwIfEmpty(() => unavailable('the provider completed without giving credentials')),
    map((given) => {
      if (readCredentials(given) !== undefined) return given;
      throw unavailable(`expected the provider to give ${credentialKinds}, got ${describe(given)}`);
    }),
    catchError((error: unknown) => {
      if (isAlicloudError(error)) throw error;
      throw unavailable(messageOf(error) || 'the provider failed, and does not say why', error);
    }),
  );
}

/** RxJS' own error shows what it was given. */
function observableOf<Given>(input: ObservableInput<Given>): Observable<Given> {
  const isText = typeof input === 'string';
  try {
    if (!isText) return from(input);
  } catch {
    // Told below.
  }
  throw unavailable(
    `expected the provider to return an Observable or a Promise of credentials, got ${describe(input)}`,
  );
}

import { defer, from, map, take, throwIfEmpty, type Observable, type ObservableInput } from 'rxjs';
import { isCredentials, type Credentials } from '../credentials/credentials.js';
import { unavailable } from './unavailable.js';

/** Asks a provider once. A user's own gives anything: it is checked, and never shown. */
export function firstOf<Given extends Credentials>(provider: () => ObservableInput<Given>): Observable<Given> {
  return defer(() => from(provider())).pipe(
    take(1),
    throwIfEmpty(() => unavailable('the provider completed without giving credentials')),
    map((given) => {
      if (isCredentials(given)) return given;
      throw unavailable(
        'expected the provider to give { accessKeyId, accessKeySecret, securityToken? }, { bearerToken } or ' +
          '{ idToken }, non-empty strings of visible ASCII characters',
      );
    }),
  );
}

import { catchError, throwError, type Observable } from 'rxjs';
import type { CredentialsProvider } from '../credentials/credentials.js';
import { ConfigurationError } from '../errors.js';
import { checkOption, ofType, plainObject } from '../schema/options.js';
import { settling, tried, type Found } from './settling.js';
import { reasonOf, unavailable } from './unavailable.js';

/**
 * Asks one provider after the other, until one gives credentials; from then on, that one alone, even where it fails
 * later: a program does not become somebody else in the middle of its work. Where all fail, the error says what each of
 * them said, and the next call tries them all again.
 *
 * @example
 * const credentials = chain({ env: environment(), instance: ecsRamRole() });
 */
export function chain(providers: Readonly<Record<string, CredentialsProvider>>): CredentialsProvider {
  checkOption('providers', providers, plainObject);
  const entries = Object.entries(providers);
  if (entries.length === 0) {
    throw new ConfigurationError({ path: 'providers', expected: 'one provider or more', received: 'none' });
  }
  for (const [name, provider] of entries) checkOption(`providers.${name}`, provider, ofType('function'));
  return settling(() => search(entries, []), { anew: false });
}

function search(
  [entry, ...others]: readonly (readonly [name: string, provider: CredentialsProvider])[],
  said: readonly string[],
): Observable<Found> {
  if (entry === undefined) {
    return throwError(() => unavailable(`No provider of the chain gave credentials. ${said.join('; ')}`));
  }
  const [name, provider] = entry;
  return tried(provider).pipe(catchError((error: unknown) => search(others, [...said, `${name}: ${reasonOf(error)}`])));
}

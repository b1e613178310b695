/** The credentials stage: asks the provider, and says clearly when it has nothing to give. */
import { catchError, concat, defer, from, map, of, take, throwError, type Observable } from 'rxjs';
import type { Credentials, CredentialsProvider } from '../credentials/credentials.js';
import { credentialKinds, readCredentials } from '../credentials/read-credentials.js';
import { ClientError, isAlicloudError, messageOf } from '../errors.js';
import { describe } from '../schema/describe.js';
import { isObject } from '../schema/values.js';
import type { AnyOperation } from '../service.js';

/** What the provider would give at once; one that is no good is asked anew, so that it is told so. */
export function currentCredentials(provider: CredentialsProvider | undefined): Credentials | undefined {
  return readCredentials(provider?.current?.());
}

/** Emits the credentials to sign with, or `undefined` for an operation that isn't signed. */
export function credentialsFor(
  operation: AnyOperation,
  provider: CredentialsProvider | undefined,
): Observable<Credentials | undefined> {
  if (operation.anonymous === true) return of(undefined);
  return defer(() => {
    if (provider === undefined) {
      throw unavailable(
        operation,
        "expected `credentials` in the client's options, such as accessKey(id, secret), got none",
      );
    }
    const none$ = throwError(() => unavailable(operation, 'the credentials provider completed without giving any'));
    return concat(from(provider()), none$);
  }).pipe(
    take(1),
    map((credentials) => checked(operation, credentials)),
    catchError((error: unknown) => {
      if (isAlicloudError(error)) throw error;
      throw unavailable(operation, `the credentials provider failed: ${messageOf(error)}`, error);
    }),
  );
}

/** A provider of the user's own may give anything. What it gave is described, never shown. */
function checked(operation: AnyOperation, given: unknown): Credentials {
  const credentials = readCredentials(given);
  if (credentials !== undefined) return credentials;
  const received = isObject(given)
    ? `an object with ${Object.keys(given).join(', ') || 'nothing in it'}`
    : describe(given);
  throw unavailable(operation, `expected the credentials provider to give ${credentialKinds}, got ${received}`);
}

function unavailable({ action }: AnyOperation, why: string, cause?: unknown): ClientError {
  return new ClientError('SDK.CredentialsUnavailable', `${action} can't be signed: ${why}`, { cause });
}

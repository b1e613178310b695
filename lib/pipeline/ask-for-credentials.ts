/** The credentials stage: asks the provider, and says clearly when it has nothing to give. */
import { catchError, defer, from, map, of, take, throwIfEmpty, type Observable } from 'rxjs';
import { isCredential, isCredentials, type Credentials, type CredentialsProvider } from '../credentials/credentials.js';
import { ClientError, isAlicloudError, messageOf } from '../errors.js';
import { isAbsent, isObject } from '../schema/values.js';
import type { AnyOperation } from '../service.js';

/** What the provider has at hand; one that is no good is asked anew, so that it is told so. */
export function credentialsAtHand(provider: CredentialsProvider | undefined): Credentials | undefined {
  const current: unknown = provider?.current?.();
  return isCredentials(current) ? current : undefined;
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
    return from(provider());
  }).pipe(
    take(1),
    throwIfEmpty(() => unavailable(operation, 'the credentials provider completed without giving any')),
    map((credentials) => checked(operation, credentials)),
    catchError((error: unknown) => {
      if (isAlicloudError(error)) throw error;
      throw unavailable(operation, `the credentials provider failed: ${messageOf(error)}`, error);
    }),
  );
}

/** A provider of the user's own may give anything, empty members too. What it gave is described, never shown. */
function checked(operation: AnyOperation, given: unknown): Credentials {
  const { accessKeyId, accessKeySecret, securityToken, bearerToken, idToken, providerName } = isObject(given)
    ? given
    : {};
  const provider = isCredential(providerName) ? { providerName } : {};
  if (isCredential(bearerToken)) return { bearerToken, ...provider };
  if (isCredential(idToken)) return { idToken, ...provider };
  if (isCredential(accessKeyId) && isCredential(accessKeySecret)) {
    if (isAbsent(securityToken) || securityToken === '') return { accessKeyId, accessKeySecret, ...provider };
    if (isCredential(securityToken)) return { accessKeyId, accessKeySecret, securityToken, ...provider };
  }
  throw unavailable(
    operation,
    'expected the credentials provider to give { accessKeyId, accessKeySecret, securityToken? }, { bearerToken } or ' +
      `{ idToken }, non-empty strings of visible ASCII characters, got ${inWords(given)}`,
  );
}

function inWords(given: unknown): string {
  if (isObject(given)) return `an object with ${Object.keys(given).join(', ') || 'nothing in it'}`;
  if (Array.isArray(given)) return 'an array';
  return isAbsent(given) ? String(given) : `a ${typeof given}`;
}

function unavailable({ action }: AnyOperation, why: string, cause?: unknown): ClientError {
  return new ClientError('SDK.CredentialsUnavailable', `${action} can't be signed: ${why}`, { cause });
}

import { catchError, type MonoTypeOperatorFunction } from 'rxjs';
import { ClientError, isServerError, messageOf } from '../errors.js';

/** The error of a provider that has nothing to give. */
export function unavailable(why: string, cause?: unknown): ClientError {
  return new ClientError('SDK.CredentialsUnavailable', why, { cause });
}

/** What went wrong, for the middle of a sentence. */
export function reasonOf(error: unknown): string {
  return isServerError(error) ? `${error.code}: ${error.message}` : messageOf(error);
}

/** Says, of whatever goes wrong, what was wanted. */
export function explained<T>(wanted: string): MonoTypeOperatorFunction<T> {
  return catchError((error: unknown) => {
    throw unavailable(`${wanted}: ${reasonOf(error)}`, error);
  });
}

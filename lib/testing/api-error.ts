/** Errors as the service sends them. */
import { ServerError } from '../errors.js';
import { checkOptions, plainObject, type Rules } from '../schema/options.js';

export interface ApiErrorOptions {
  /** Headers of the answer, names in lower case, such as `x-acs-retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as the body's `AccessDeniedDetail`. */
  readonly accessDeniedDetail?: unknown;
}

/**
 * An error that a handler throws, or errors with, to refuse a call.
 *
 *     emulator.handle('DeleteInstance', () => {
 *       throw apiError(403, 'Forbidden.RAM', 'User not authorized to operate on the specified resource.');
 *     });
 *
 * Throws an `SDK.InvalidConfiguration` where an option can't work.
 */
export function apiError(status: number, code: string, message: string, options: ApiErrorOptions = {}): ServerError {
  checkOptions(options, rules);
  return new ServerError({
    status,
    code,
    message,
    action: '',
    headers: options.headers ?? {},
    rawBody: '',
    accessDeniedDetail: options.accessDeniedDetail,
  });
}

const rules: Rules<ApiErrorOptions> = {
  headers: plainObject,
  accessDeniedDetail: () => undefined,
};

export function missingParameter(name: string): ServerError {
  return apiError(400, 'MissingParameter', `${name} is mandatory for this action.`);
}

export function invalidParameter(name: string, expected: string): ServerError {
  return apiError(400, 'InvalidParameter', `The specified parameter ${name} is not valid: expected ${expected}.`);
}

/**
 * `server` says what the server signed, which is what it was sent: neither the secret nor the signature that would have
 * been right is in it.
 */
export function signatureMismatch(server: string): ServerError {
  // It is as long as the request, and longer.
  const shown = server.length <= 65_536 ? server : `${server.slice(0, 65_536)}…`;
  const message = `Specified signature is not matched with our calculation. server ${shown}`;
  return apiError(400, 'SignatureDoesNotMatch', message);
}

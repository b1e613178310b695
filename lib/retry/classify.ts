/** Which failures pass, and which attempts surely did nothing. The lists of codes are data: the protocol's, not ours. */
import {
  isClientError,
  isServerError,
  type AlicloudError,
  type NetworkError,
  type ServerError,
  type TimeoutError,
} from '../errors.js';
import type { FailureKind } from './failure.js';

/** `ERR_NETWORK` is all that browsers tell, and `ECONNABORTED` what axios calls a request that was cut off. */
const transientSystemCodes = new Set([
  'ERR_NETWORK',
  'ECONNABORTED',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
]);
/** The request never left. */
const unsentSystemCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

const transientStatuses = new Set([500, 502, 503, 504]);
const transientCodes = new Set([
  'ServiceUnavailable',
  'InternalError',
  'UnknownError',
  'SystemBusy',
  'ServiceBusy',
  'OperationBusy',
]);
const clockCodes = new Set(['InvalidTimeStamp.Expired', 'InvalidTimeStamp.Format', 'IllegalTimestamp']);
/** `InvalidSecurityToken.Expired`, `SecurityTokenExpired`: products write it differently. Other tokens are their own affair. */
const expiredToken = /^(?:Invalid)?(?:SecurityToken|StsToken)\.?Expired$/;

/** Why repeating the attempt may help; `undefined`: it is not known to. */
export function failureKindOf(error: AlicloudError): FailureKind | undefined {
  if (isServerError(error)) return kindOfAnswer(error);
  if (isNetworkError(error)) return transientSystemCodes.has(error.systemCode ?? '') ? 'transient' : undefined;
  return isTimeout(error) && error.phase !== 'deadline' ? 'transient' : undefined;
}

/** Whether the server has certainly not executed the request, so that even a call that must not be executed twice may be repeated. */
export function isUnexecuted(error: AlicloudError): boolean {
  if (isNetworkError(error)) return unsentSystemCodes.has(error.systemCode ?? '');
  if (isTimeout(error)) return error.phase === 'connect';
  if (!isServerError(error) || isFromTheInside(error)) return false;
  // A nonce may have been used by the same request, repeated by something on the way.
  const kind = failureKindOf(error);
  return kind === 'throttled' || kind === 'clock' || kind === 'credentials';
}

export function isTimeout(error: AlicloudError): error is TimeoutError {
  return isClientError(error, 'SDK.Timeout');
}

function isNetworkError(error: AlicloudError): error is NetworkError {
  return isClientError(error, 'SDK.NetworkError');
}

function kindOfAnswer(error: ServerError): FailureKind | undefined {
  const { code, status } = error;
  if (isThrottle(error)) return 'throttled';
  if (clockCodes.has(code)) return 'clock';
  if (code === 'SignatureNonceUsed') return 'nonce';
  if (expiredToken.test(code)) return 'credentials';
  return transientStatuses.has(status) || transientCodes.has(code) ? 'transient' : undefined;
}

/**
 * Only what says that it was refused: headers may stand on the answer to a call that was executed, and a quota that is
 * used up tells of the calls that come next.
 */
function isThrottle(error: ServerError): boolean {
  return error.status === 429 || (error.code.split('.').includes('Throttling') && !isFromTheInside(error));
}

/** A 500, 502 or 504 may hide an execution, whatever its code says; the gateway itself refuses with others. */
function isFromTheInside({ status }: ServerError): boolean {
  return status >= 500 && status !== 503;
}

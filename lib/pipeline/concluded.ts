/** The error that a call ends in: with what has become of its attempts, and of a timeout with where the time went. */
import { TimeoutError, type AlicloudError, type TimeSpent } from '../errors.js';
import { isTimeout } from '../retry/classify.js';
import type { CallRequest } from '../interceptor.js';
import type { CallRecord } from './record.js';

export function concluded({ attempts, call, spent }: CallRecord, error: AlicloudError): AlicloudError {
  const { action } = call.operation;
  // One that comes from elsewhere, such as from a call for credentials, has said what there is to say.
  const isOwn = isTimeout(error) && (error.action ?? action) === action;
  const told = isOwn ? timeoutOf(error, action, spent) : error;
  if (attempts.length > 0) told.attempts ??= attempts;
  return told;
}

/**
 * Says which call the error is of, in its fields and in its message. One that is of another call, such as one for
 * credentials, has said so already. `regionId` is the client's.
 */
export function ofCall(
  error: AlicloudError,
  { operation, request, options }: CallRequest,
  regionId?: string,
): AlicloudError {
  if (error.product !== undefined) return error;
  const { action, service } = operation;
  const { RegionId: own } = (request ?? {}) as { readonly RegionId?: unknown };
  const region = options?.regionId ?? (typeof own === 'string' ? own : regionId);
  const facts = {
    product: service.product,
    action: error.action ?? action,
    ...(region === undefined ? {} : { regionId: region }),
  };
  const call = [error.code, `${service.product} ${action}`, region].filter((part) => part !== undefined && part !== '');
  return Object.assign(error, facts, { message: `${error.message} (${call.join(', ')})` });
}

function timeoutOf({ phase, timeout, origin }: TimeoutError, action: string, spent: TimeSpent): TimeoutError {
  return new TimeoutError({ phase, timeout, origin, action, spent: { ...spent } });
}

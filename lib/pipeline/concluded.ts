/** The error that a call ends in: with what has become of its attempts, and of a timeout with where the time went. */
import { TimeoutError, type AlicloudError, type TimeSpent } from '../errors.js';
import { isTimeout } from '../retry/classify.js';
import type { CallRecord } from './record.js';

export function concluded({ attempts, call, spent }: CallRecord, error: AlicloudError): AlicloudError {
  const { action } = call.operation;
  // One that comes from elsewhere, such as from a call for credentials, has said what there is to say.
  const isOwn = isTimeout(error) && (error.action ?? action) === action;
  const told = isOwn ? timeoutOf(error, action, spent) : error;
  if (attempts.length > 0) told.attempts ??= attempts;
  return told;
}

function timeoutOf({ phase, timeout, origin }: TimeoutError, action: string, spent: TimeSpent): TimeoutError {
  return new TimeoutError({ phase, timeout, origin, action, spent: { ...spent } });
}

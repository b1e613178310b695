import { TimeoutError, type AlicloudError } from '../errors.js';
import { isTimeout } from '../retry/classify.js';
import type { AnyOperation } from '../service.js';
import type { Timeline } from './timeline.js';

/** What an error says of its call. */
export interface CallDetails {
  /** The operation that was asked for. */
  readonly asked: AnyOperation;
  readonly timeline: Timeline;
}

/** The error that a call ends in, with what became of its attempts, and of a timeout where the time went. */
export function withCallDetails(call: CallDetails, error: AlicloudError): AlicloudError {
  const described = detailedTimeout(call, error);
  const { attempts } = call.timeline;
  if (attempts.length > 0) described.attempts ??= attempts;
  return described;
}

function detailedTimeout({ asked: { action }, timeline }: CallDetails, error: AlicloudError): AlicloudError {
  // One that comes from elsewhere, such as from a call for credentials, has said what there is to say.
  if (!isTimeout(error) || error.spent !== undefined || (error.action ?? action) !== action) return error;
  const { phase, timeout, origin } = error;
  return new TimeoutError({ phase, timeout, origin, action, spent: { ...timeline.spent } });
}

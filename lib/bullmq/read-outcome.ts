/** What a job has ended in, as the answer of its call or as its error. */
import { ClientError, type AlicloudError, type Attempt } from '../errors.js';
import type { FullResponse } from '../http-event.js';
import { isObject } from '../schema/values.js';
import { readFailure } from './failure.js';
import type { CallResult } from './job.js';
import { fromTransfer } from './transfer.js';

export type Outcome = { readonly response: FullResponse<unknown> } | { readonly error: AlicloudError };

/** `returned` is what the job's worker has returned. */
export function readResult(returned: unknown): Outcome {
  if (!isResult(returned)) return { error: unreadable('its worker has returned something else') };
  const { status, headers, attempts } = returned;
  try {
    return { response: { kind: 'response', body: fromTransfer(returned.body), status, headers, attempts } };
  } catch {
    return { error: unreadable('its answer is not what a worker writes') };
  }
}

/** `data` is the job's, as JSON. */
export function readFailed(data: string, reason: string): AlicloudError {
  const job = parsed(data);
  const failure = isObject(job) ? job.failure : undefined;
  if (failure !== undefined) return readFailure(failure);
  // BullMQ gives a job up whose workers have died too often.
  return new ClientError('SDK.OutcomeUnknown', `The call may have been executed: its job was given up (${reason})`);
}

export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isResult(value: unknown): value is CallResult & { readonly attempts: readonly Attempt[] } {
  return (
    isObject(value) && typeof value.status === 'number' && isObject(value.headers) && Array.isArray(value.attempts)
  );
}

function unreadable(why: string): ClientError {
  return new ClientError('SDK.Unexpected', `The call was made, and can't be answered: ${why}`);
}

import { ClientError, isClientError, NetworkError, type AlicloudError } from '../errors.js';
import type { CallContext } from './call-context.js';

/**
 * What is left of a failure where what reads and masks it can not be loaded: nothing that may hold a secret. `notLoaded` is
 * the error that says so.
 */
export function unexplained(
  { attempt, asked }: CallContext,
  failure: unknown,
  notLoaded: AlicloudError,
): AlicloudError {
  if (isClientError(failure, 'SDK.Timeout') || isClientError(failure, 'SDK.NotLoaded')) return failure;
  if (isClientError(failure, 'SDK.NetworkError')) {
    const { origin, systemCode } = failure;
    return new NetworkError(`The request to ${origin} failed (${systemCode ?? 'no reason given'})`, origin, systemCode);
  }
  const status = attempt.answer?.status;
  const what = status === undefined ? 'failed' : `was answered with status ${status}`;
  const message = `${asked.action} ${what}; the part of rx-alicloud that reads why could not be loaded`;
  const error = new ClientError('SDK.NotLoaded', message, { cause: notLoaded.cause });
  return status === undefined ? error : Object.assign(error, { status });
}

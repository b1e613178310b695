import { isAlicloudError, isClientError } from '../errors.js';
import { failureKindOf } from '../retry/is-retryable.js';

/** For how long the server asks to be left alone, in milliseconds, 0 where it does not say; `undefined` for what is no throttle. */
export function throttledFor(error: unknown): number | undefined {
  if (!isAlicloudError(error)) return undefined;
  const isThrottle = failureKindOf(error) === 'throttled' || isClientError(error, 'SDK.Throttled');
  return isThrottle ? (error.retryAfter ?? 0) : undefined;
}

/** The option `retry` with its defaults. */
import type { Retry, RetryOptions, RetryPolicy } from './failure.js';

/** The options with nothing left open. */
export interface RetrySettings {
  readonly maxAttempts: number;
  readonly baseDelay: number;
  readonly throttledDelay: number;
  readonly maxDelay: number;
  readonly policy: RetryPolicy | undefined;
}

/** Delays in milliseconds. */
export const retryDefaults = { maxAttempts: 3, baseDelay: 100, throttledDelay: 500, maxDelay: 20_000 } as const;

/** Takes a value that `checkRetry` lets through. `undefined`: no retries at all. */
export function retrySettings(setting: Retry | undefined): RetrySettings | undefined {
  if (setting === false) return undefined;
  const { maxAttempts, baseDelay, throttledDelay, maxDelay, policy }: RetryOptions =
    typeof setting === 'function' ? { policy: setting } : (setting ?? {});
  return {
    maxAttempts: maxAttempts ?? retryDefaults.maxAttempts,
    baseDelay: baseDelay ?? retryDefaults.baseDelay,
    throttledDelay: throttledDelay ?? retryDefaults.throttledDelay,
    maxDelay: maxDelay ?? retryDefaults.maxDelay,
    policy,
  };
}

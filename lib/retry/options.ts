/** The option `retry`: its checks and defaults. */
import { checkOptions, integerFrom, milliseconds, ofType, invalidOption, type Rules } from '../schema/options.js';
import { isPlainObject } from '../schema/values.js';
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

/** Throws where the value can't be the option `retry`, of a client or of a call. */
export function checkRetry(value: unknown, path = 'retry'): void {
  if (value === undefined || value === false || typeof value === 'function') return;
  if (!isPlainObject(value)) throw invalidOption(path, 'false, an object or a function', value);
  checkOptions(value, rules, `${path}.`);
}

/** Takes a value that {@link checkRetry} lets through. `undefined`: no retries at all. */
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

const rules: Rules<RetryOptions> = {
  maxAttempts: integerFrom(1),
  baseDelay: milliseconds,
  throttledDelay: milliseconds,
  maxDelay: milliseconds,
  policy: ofType('function'),
};

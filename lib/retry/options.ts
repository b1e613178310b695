/** The option `retry`: its checks. */
import { checkOptions, integerFrom, milliseconds, ofType, invalidOption, type Rules } from '../schema/options.js';
import { isPlainObject } from '../schema/values.js';
import type { RetryOptions } from './failure.js';

/** Throws where the value can't be the option `retry`, of a client or of a call. */
export function checkRetry(value: unknown, path = 'retry'): void {
  if (value === undefined || value === false || typeof value === 'function') return;
  if (!isPlainObject(value)) throw invalidOption(path, 'false, an object or a function', value);
  checkOptions(value, rules, `${path}.`);
}

const rules: Rules<RetryOptions> = {
  maxAttempts: integerFrom(1),
  baseDelay: milliseconds,
  throttledDelay: milliseconds,
  maxDelay: milliseconds,
  policy: ofType('function'),
};

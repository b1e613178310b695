import { isAlicloudError } from '../errors.js';
import { failureKindOf as kindOf } from './classify.js';
import type { FailureKind } from './failure.js';

/** Why repeating a call that ended in this may help; `undefined` where it is not known to, and for what is no error of the SDK. */
export function failureKindOf(error: unknown): FailureKind | undefined {
  return isAlicloudError(error) ? kindOf(error) : undefined;
}

/**
 * Whether repeating a call that ended in this may help. Whether it is safe is another question: of a call that changes
 * something, a transient failure does not tell whether it was executed.
 */
export function isRetryable(error: unknown): boolean {
  return failureKindOf(error) !== undefined;
}

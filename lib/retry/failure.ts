import type { AlicloudError } from '../errors.js';

/**
 * Why repeating an attempt may help: `throttled`, refused before it was executed; `transient`, the network or the
 * server failed; `clock`, the client's clock is wrong; `nonce`, the server has seen the request before; `credentials`,
 * temporary credentials have expired.
 */
export type FailureKind = 'throttled' | 'transient' | 'clock' | 'nonce' | 'credentials';

/** An attempt that failed, as a retry policy sees it. */
export interface Failure {
  readonly error: AlicloudError;
  /** `undefined`: repeating is not known to help. */
  readonly kind: FailureKind | undefined;
  /** How many attempts were made: 1 or more. */
  readonly attempts: number;
  /** The operation's name, such as `DescribeRegions`. */
  readonly action: string;
  /** Whether the call may be executed twice: it only reads, or carries a `ClientToken`. */
  readonly repeatable: boolean;
  /** What is done where there is no policy: how long to wait before the next attempt, in milliseconds; `undefined`: give up. */
  readonly wait: number | undefined;
}

/** Says how long to wait before the next attempt, in milliseconds; `undefined` or `false`: the call ends in the error. */
export type RetryPolicy = (failure: Failure) => number | undefined | false;

export interface RetryOptions {
  /** How often a call is sent at most, the first time included: an integer >= 1. A `policy` may go beyond it. @default 3 */
  readonly maxAttempts?: number | undefined;
  /** The longest wait before the first repetition, in milliseconds, >= 0; it doubles with each. @default 100 */
  readonly baseDelay?: number | undefined;
  /** The same after a throttle, in milliseconds, >= 0. @default 500 */
  readonly throttledDelay?: number | undefined;
  /** The longest wait of all that the server did not ask for, in milliseconds, >= 0. @default 20000 */
  readonly maxDelay?: number | undefined;
  /** Has the last word: it is asked after each failed attempt, with the wait that the other options come to. @default none */
  readonly policy?: RetryPolicy | undefined;
}

/** `false`: a call is sent once. */
export type Retry = false | RetryOptions | RetryPolicy;

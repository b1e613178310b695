import { ClientError, isServerError, messageOf, type AlicloudError } from '../errors.js';
import { costAfterTimeout, costOfRetry, RetryBudget } from './budget.js';
import { failureKindOf, isTimeout, isUnexecuted } from './classify.js';
import type { Failure, FailureKind, Retry, RetryPolicy } from './failure.js';
import { invalidOption } from '../schema/options.js';
import { retrySettings, type RetrySettings } from './settings.js';
import { serverWaitOf } from './server-wait.js';

/** What decides whether an attempt that failed is followed by another. */
export interface FailedAttempt {
  readonly error: AlicloudError;
  /** How many attempts were made: 1 or more. */
  readonly attempts: number;
  /** The operation's name, such as `DescribeRegions`. */
  readonly action: string;
  /** Whether the call may be executed twice. */
  readonly repeatable: boolean;
  /** The kinds of failure for which this call was repeated before. */
  readonly repeatedFor: ReadonlySet<FailureKind | undefined>;
  /** Whether the clock is known to be off by something else than when the attempt was signed. */
  readonly clockDiffers: boolean;
  /** Whether there are other credentials to sign with than those of the attempt. */
  readonly credentialsChanged: boolean;
  /** The time by the server's clock, as far as that is known, in milliseconds since 1970. */
  readonly now: number;
  /** What is left of the call's deadline, in milliseconds. A wait that takes as long is not begun. @default no limit */
  readonly timeLeft?: number | undefined;
  /** The longest wait that the server may ask for, in milliseconds. @default no limit */
  readonly maxRetryAfter?: number | undefined;
}

/** Another attempt is to follow. */
export interface Repetition {
  readonly kind: FailureKind | undefined;
  /** How long to wait before it, in milliseconds. */
  readonly wait: number;
}

/** Decides on repetitions: one a client, whose budget its calls have in common. */
export class RetryStrategy {
  private readonly settings: RetrySettings | undefined;

  /** `setting` is one that `checkRetry` lets through. `random` gives numbers from 0 to 1. */
  constructor(
    setting?: Retry,
    private readonly random: () => number = Math.random,
    private readonly budget = new RetryBudget(),
  ) {
    this.settings = retrySettings(setting);
  }

  /** The strategy of a call with a setting of its own: it draws on the same budget. */
  withSetting(setting: Retry | undefined): RetryStrategy {
    return setting === undefined ? this : new RetryStrategy(setting, this.random, this.budget);
  }

  /** To be told of each call that succeeds. */
  succeeded(): void {
    this.budget.succeeded();
  }

  /** `undefined`: the call ends in the error. Throws where a policy throws or gives what is no wait, with the error as its cause. */
  next(failed: FailedAttempt): Repetition | undefined {
    const { settings } = this;
    if (settings === undefined) return undefined;
    const { error, timeLeft = Infinity, maxRetryAfter = Infinity } = failed;
    const kind = failureKindOf(error);
    const asked = isServerError(error) ? (serverWaitOf(error.headers, failed.now) ?? 0) : 0;
    const cost = costOf(kind, error);
    const helps = failed.attempts < settings.maxAttempts && isHelped(kind, failed);
    const own = helps && this.budget.allows(cost) ? this.waitFor(kind, failed, asked, settings) : undefined;
    const { policy } = settings;
    const chosen = policy === undefined ? own : decided(policy, seen(kind, failed, own));
    if (chosen === undefined) return undefined;

    const wait = Math.max(chosen, asked);
    if (wait >= timeLeft || asked > maxRetryAfter) return undefined;
    this.budget.spend(cost);
    return { kind, wait };
  }

  /** What the server asks for, else anything up to a limit that doubles, so that calls that failed together don't come back together. */
  private waitFor(
    kind: FailureKind | undefined,
    { attempts }: FailedAttempt,
    asked: number,
    { baseDelay, throttledDelay, maxDelay }: RetrySettings,
  ): number {
    if (asked > 0 || !isLoad(kind)) return asked;
    const first = kind === 'throttled' ? throttledDelay : baseDelay;
    return Math.round(this.random() * Math.min(maxDelay, first * 2 ** Math.min(attempts - 1, 32)));
  }
}

/** Whether another attempt helps, and is safe. */
function isHelped(kind: FailureKind | undefined, failed: FailedAttempt): boolean {
  const isFirst = !failed.repeatedFor.has(kind);
  const mayRepeat = failed.repeatable || isUnexecuted(failed.error);
  switch (kind) {
    case 'throttled':
      return true;
    case 'transient':
      return mayRepeat;
    case 'clock':
      return isFirst && failed.clockDiffers && mayRepeat;
    case 'nonce':
      return isFirst && failed.repeatable;
    case 'credentials':
      return isFirst && failed.credentialsChanged && mayRepeat;
    case undefined:
      return false;
  }
}

/** A correction, of the clock say, is made once a call and puts no load on a service: it waits for nothing and costs nothing. */
function isLoad(kind: FailureKind | undefined): boolean {
  return kind === 'throttled' || kind === 'transient' || kind === undefined;
}

function costOf(kind: FailureKind | undefined, error: AlicloudError): number {
  if (!isLoad(kind)) return 0;
  return isTimeout(error) ? costAfterTimeout : costOfRetry;
}

function seen(kind: FailureKind | undefined, failed: FailedAttempt, wait: number | undefined): Failure {
  const { error, attempts, action, repeatable } = failed;
  return { error, kind, attempts, action, repeatable, wait };
}

/** A policy in plain JavaScript may give anything. */
function decided(policy: RetryPolicy, failure: Failure): number | undefined {
  const { error: cause } = failure;
  let wait: unknown;
  try {
    wait = policy(failure);
  } catch (error) {
    throw new ClientError('SDK.Unexpected', `The retry policy failed: ${messageOf(error)}`, { cause });
  }
  if (wait === undefined || wait === false) return undefined;
  if (typeof wait === 'number' && wait >= 0) return wait;
  const { message } = invalidOption('retry.policy(…)', 'milliseconds >= 0, undefined or false', wait);
  throw new ClientError('SDK.InvalidConfiguration', message, { cause });
}

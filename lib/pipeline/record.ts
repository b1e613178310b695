/** What is remembered of one call while it is under way. */
import { asyncScheduler } from 'rxjs';
import type { SkewedClock } from '../clock/skewed-clock.js';
import type { Credentials } from '../credentials/credentials.js';
import { isAlicloudError, type Attempt, type TimeSpent } from '../errors.js';
import type { ShownRequest } from '../events/events.js';
import type { CallRequest } from '../interceptor.js';
import type { Pass, Scope } from '../limiter/limiter.js';
import type { FailureKind } from '../retry/failure.js';
import type { HttpHead, HttpResponse } from '../transport/transport.js';
import type { SignedRequest } from './signing.js';

/** Milliseconds since 1970, and in a test's virtual time what that says. Only differences count. */
export function now(): number {
  return asyncScheduler.now();
}

const nowhere: Scope = { credentials: '', region: '', product: '', action: '' };

/** One call, from its subscription on. What is said of its attempt is said of the last one. */
export class CallRecord {
  readonly attempts: Attempt[] = [];
  readonly spent = { queued: 0, credentials: 0, throttled: 0, sent: 0, waiting: 0 };
  /** Whether it has its slot. */
  started = false;
  /** Whether its answer has begun: from then on a repetition would give some of it twice. */
  begun = false;
  /** Whether its answer has come whole. */
  whole = false;
  attemptAt = 0;
  credentials: Credentials | undefined = undefined;
  scope: Scope = nowhere;
  /** The limiter's leave to go, where one was needed. */
  pass: Pass | undefined = undefined;
  /** When the request was signed, by the server's clock as far as that was known, and how far ahead that was thought to be. */
  signedAt = 0;
  offset = 0;
  signed: SignedRequest | undefined = undefined;
  /** The request as it may be shown, made when somebody looks. */
  shown: (() => ShownRequest) | undefined = undefined;
  /** The kinds of failure for which it was repeated. Made with the first: a million calls may be waiting. */
  repeatedFor: Set<FailureKind | undefined> | undefined = undefined;
  answer: HttpHead | HttpResponse | undefined = undefined;
  private stage: keyof TimeSpent | undefined = 'queued';
  private since: number;

  constructor(
    readonly id: number,
    readonly call: CallRequest,
    /** How long it may take as a whole, in milliseconds; 0 is no limit. */
    readonly deadline: number,
    /** In milliseconds since 1970. */
    readonly subscribedAt = now(),
  ) {
    this.since = subscribedAt;
  }

  /** What the call does from now on, `undefined` when that is nothing. */
  enter(stage: keyof TimeSpent | undefined): void {
    const time = now();
    if (this.stage !== undefined) this.spent[this.stage] += time - this.since;
    this.stage = stage;
    this.since = time;
  }

  start(): void {
    this.started = true;
    this.enter(undefined);
  }

  /** How much of the deadline is left, in milliseconds. */
  get remaining(): number {
    return this.deadline === 0 ? Infinity : this.subscribedAt + this.deadline - now();
  }

  /** The number of the attempt that is under way, or comes next. */
  get attempt(): number {
    return this.attempts.length + 1;
  }

  beginAttempt(): void {
    this.enter('credentials');
    this.attemptAt = this.since;
    this.answer = undefined;
    this.signed = undefined;
    this.shown = undefined;
  }

  /** Gives the time to sign with, in milliseconds since 1970. */
  sign(clock: SkewedClock): number {
    this.enter('sent');
    this.offset = clock.offset;
    this.signedAt = clock.now();
    return this.signedAt;
  }

  /** With how long the call waits before the next one, where there is one. */
  endAttempt(status: number | undefined, error?: unknown, wait?: number): void {
    this.attempts.push({
      number: this.attempt,
      startedAt: this.attemptAt,
      duration: now() - this.attemptAt,
      status,
      code: isAlicloudError(error) ? error.code : undefined,
      wait,
    });
  }
}

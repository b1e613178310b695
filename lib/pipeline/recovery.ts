/** What comes after a failed attempt: its error is read, the client learns of it, and the call is repeated or ends. */
import { of, type Observable } from 'rxjs';
import type { AsyncMode } from '../async/async-mode.js';
import type { ClientOptions } from '../client-options.js';
import type { SkewCorrectedClock } from '../clock/skew-corrected-clock.js';
import { explainAnswer } from '../codec/explain-answer.js';
import { UnfitAnswer } from '../codec/unfit-answer.js';
import { isAlicloudError, isClientError, isServerError, toAlicloudError, type AlicloudError } from '../errors.js';
import type { ThrottleFeedback } from '../throttling/gates.js';
import type { RateLimiter } from '../throttling/rate-limiter.js';
import { errorLike } from '../masking/error-like.js';
import { thrown } from '../masking/thrown.js';
import { failureKindOf } from '../retry/classify.js';
import type { FailureKind } from '../retry/failure.js';
import { giveBackOf, markGivenBack, type GiveBack } from '../retry/give-back.js';
import { isRead } from '../retry/is-read.js';
import { pause } from '../retry/pause.js';
import { serverWaitOf } from '../retry/server-wait.js';
import { RetryStrategy, type Repetition } from '../retry/strategy.js';
import { explainMismatch } from '../signature/explain-mismatch.js';
import { isSignatureRefusal } from '../signature/refusal.js';
import { callSafely } from '../unhandled-error.js';
import { secretsOf } from './attempt-secrets.js';
import type { CallContext } from './call-context.js';
import type { CallReporter } from './call-reporter.js';
import type { CurrentAttempt } from './current-attempt.js';
import { foreignFailure, isUnanswered } from './foreign-failure.js';
import { waitWithoutSlot } from './wait-without-slot.js';

/** What it needs of a client. */
export interface RecoveringClient {
  readonly options: Pick<ClientOptions, 'retry'>;
  readonly clock: SkewCorrectedClock;
  readonly reporter: CallReporter;
  readonly rateLimiter: RateLimiter | undefined;
  readonly asyncMode: Pick<AsyncMode, 'throttled'>;
  reportToThrottle(call: CallContext, answer: ThrottleFeedback): void;
}

/** One a client, whose calls have a budget in common. */
export class Recovery {
  readonly retries: RetryStrategy;

  constructor(private readonly client: RecoveringClient) {
    this.retries = new RetryStrategy(client.options.retry);
  }

  repetitionsOf(call: CallContext): Repetitions {
    return new Repetitions(this.client, this.retries, call);
  }
}

export class Repetitions {
  /** The kinds of failure for which the call was repeated. */
  private readonly kinds = new Set<FailureKind | undefined>();
  /** The timeline's are of all calls that an interceptor has made of the same one, before it or beside it. */
  private attempts: number;
  private readonly giveBack: GiveBack | undefined;

  constructor(
    private readonly client: RecoveringClient,
    private readonly retries: RetryStrategy,
    private readonly call: CallContext,
  ) {
    this.giveBack = giveBackOf(call.options);
    this.attempts = this.giveBack?.attempts ?? 0;
  }

  /** Emits when the next attempt is to be made; throws or errors where there is to be none. */
  after(failure: unknown): Observable<unknown> {
    const { client, call } = this;
    const { attempt, timeline } = call;
    const error = errorOf(failure, call);
    const now = timeline.enter(undefined);
    if (attempt.begun) throw call.describeError(error);
    this.learn(error);
    const decision = this.decide(error);
    const wait = 'wait' in decision ? decision.wait : undefined;
    timeline.endAttempt(now - attempt.startedAt, attempt.answer?.status, error, wait);
    client.reporter.answered(call, error);
    if ('error' in decision) throw call.describeError(decision.error);

    return this.repeat(decision, error);
  }

  private repeat({ kind, wait }: Repetition, error: AlicloudError): Observable<unknown> {
    const { client, call } = this;
    const { timeline } = call;
    this.kinds.add(kind);
    client.reporter.retried(call, kind, error, wait);
    timeline.enter('waiting');
    // Where the rate limiter holds it for as long, it keeps its turn there.
    if (wait === 0 || this.heldFor(kind) >= wait) return of(0);
    return waitWithoutSlot(call, pause(wait));
  }

  /** How long the rate limiter holds the call's repetition, in milliseconds; -1 where it does not. */
  private heldFor(kind: FailureKind | undefined): number {
    const { scope } = this.call.attempt;
    const held = kind === 'throttled' && scope !== undefined;
    return held ? (this.client.rateLimiter?.gates?.estimate(scope) ?? -1) : -1;
  }

  /** What the failure teaches the calls that come after it, the call's own repetition among them. */
  private learn(error: AlicloudError): void {
    const { client, call } = this;
    const { clock } = client;
    const { answer, credentials, signedAt, clockOffset } = call.attempt;
    const kind = failureKindOf(error);
    if (kind === 'credentials' && credentials !== undefined) {
      callSafely(() => call.settings.credentials?.invalidate?.(credentials));
    }
    if (answer === undefined) return;
    const { headers, status } = answer;
    const wait = serverWaitOf(headers, clock.now());
    if (wait !== undefined) error.retryAfter = wait;
    // A gateway's clock is its own affair.
    if (kind === 'clock' && call.settings.gateway === undefined)
      clock.learn(headers.date, headers.age, signedAt - clockOffset, clock.now() - clock.offset);
    if (kind === 'throttled') {
      client.asyncMode.throttled();
      client.reportToThrottle(call, { throttled: true, wait, headers });
    }
    // Any other refusal is from behind the gateway that counts calls; a server that is in trouble says nothing of it.
    else if (status < 500) client.reportToThrottle(call, { throttled: false, headers });
  }

  /** Another attempt, or the error that the call ends in: its own, or that of a policy that failed. */
  private decide(error: AlicloudError): Repetition | { readonly error: AlicloudError } {
    const { settings, attempt } = this.call;
    // A gateway has repeated itself what was to be: only what got no answer from it may help.
    if (settings.gateway !== undefined && attempt.answer !== undefined) return { error };
    try {
      const repetition = this.repetitionOf(error);
      if (this.giveBack !== undefined) return this.unlessGivenBack(repetition, error, this.giveBack);
      return repetition ?? { error };
    } catch (problem) {
      return { error: toAlicloudError(problem) };
    }
  }

  /** The repetition, where it is not to be made by whoever the call is given back to. */
  private unlessGivenBack(
    repetition: Repetition | undefined,
    error: AlicloudError,
    { longestHold, longestPause }: GiveBack,
  ): Repetition | { readonly error: AlicloudError } {
    const { settings, remaining } = this.call;
    if (repetition === undefined) {
      const { retryAfter = Infinity } = error;
      // It was not sent.
      if (isClientError(error, 'SDK.Throttled') && retryAfter <= Math.min(settings.maxRetryAfter, remaining))
        markGivenBack(error, retryAfter);
      return { error };
    }
    const isThrottled = repetition.kind === 'throttled';
    const wait = Math.max(repetition.wait, this.heldFor(repetition.kind));
    if (wait <= (isThrottled ? longestHold : longestPause)) return repetition;
    markGivenBack(error, wait);
    return { error };
  }

  private repetitionOf(error: AlicloudError): Repetition | undefined {
    const { clock } = this.client;
    const { operation, plan, settings, attempt, remaining } = this.call;
    return this.retries.withSetting(settings.retry).next({
      error,
      attempts: ++this.attempts,
      action: operation.action,
      repeatable: isRead(operation) || plan.encoded.idempotent,
      repeatedFor: this.kinds,
      clockDiffers: clock.differsFrom(attempt.clockOffset),
      // Only a provider that can be told so may have others.
      credentialsChanged: settings.credentials?.invalidate !== undefined,
      now: clock.now(),
      timeLeft: remaining,
      maxRetryAfter: settings.maxRetryAfter,
    });
  }
}

/** The error that the attempt amounts to, without secrets. */
function errorOf(failure: unknown, { attempt }: CallContext): AlicloudError {
  const secrets = secretsOf(attempt);
  const readable = errorLike(failure);
  const error = readable instanceof UnfitAnswer ? explainAnswer(readable, secrets) : readThrown(readable, attempt);
  const signed = attempt.signed?.signed;
  if (signed === undefined || !isServerError(error) || !isSignatureRefusal(error.code)) return error;
  return explainMismatch(error, signed(), secrets);
}

function readThrown(failure: unknown, attempt: CurrentAttempt): AlicloudError {
  const { signed } = attempt;
  const explained = signed !== undefined && isForeign(failure) ? foreignFailure(failure, signed.http) : failure;
  return thrown(explained, secretsOf(attempt));
}

/** Whether it may be the network's failure in the words of a transport that is not ours. */
function isForeign(error: unknown): error is Error {
  if (!(error instanceof Error) || isAlicloudError(error)) return false;
  return error.name === 'TypeError' || 'code' in error || isUnanswered(error);
}

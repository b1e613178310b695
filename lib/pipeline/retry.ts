/** Makes attempts until one succeeds, or until another would not help or is not safe. */
import { catchError, defer, map, mergeMap, of, retry as retryWhen, type Observable } from 'rxjs';
import { isAlicloudError, isServerError, toAlicloudError, type AlicloudError } from '../errors.js';
import { thrown } from '../masking/thrown.js';
import { isRead } from '../retry/classify.js';
import type { FailureKind } from '../retry/failure.js';
import { pause } from '../retry/pause.js';
import type { Repetition } from '../retry/strategy.js';
import { isSignatureRefusal } from '../signature/refusal.js';
import type { CallContext } from './call-context.js';
import { learnFromFailure } from './outcome.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';
import { waitWithoutSlot } from './wait-without-slot.js';

export function retry(runtime: Runtime): Stage {
  return (next) => (call) => {
    const repetitions = new Repetitions(runtime, call);
    return defer(() => next(call)).pipe(retryWhen({ delay: (error: unknown) => repetitions.after(error) }));
  };
}

class Repetitions {
  /** The kinds of failure for which the call was repeated. */
  private readonly kinds = new Set<FailureKind | undefined>();
  /** The timeline's are of all calls that an interceptor has made of the same one, before it or beside it. */
  private attempts = 0;

  constructor(
    private readonly runtime: Runtime,
    private readonly call: CallContext,
  ) {}

  /** Emits when the next attempt is to be made; errors where there is to be none. */
  after(failure: unknown): Observable<unknown> {
    const { signed, secrets } = this.call.attempt;
    if (signed !== undefined && isForeign(failure)) {
      return this.runtime.lazyFeatures.features$.pipe(
        map(({ foreignFailure }) => foreignFailure(failure, signed.http)),
        catchError(() => of(toAlicloudError(failure))),
        mergeMap((error) => this.wait(thrown(error, secrets))),
      );
    }
    const error = thrown(failure, secrets);
    if (signed === undefined || !isServerError(error) || !isSignatureRefusal(error.code)) return this.wait(error);
    return this.runtime.lazyFeatures.features$.pipe(
      map(({ explain }) => explain(error, signed)),
      // The server's own words will have to do.
      catchError(() => of(error)),
      mergeMap((explained) => this.wait(explained)),
    );
  }

  private wait(error: AlicloudError): Observable<unknown> {
    const { runtime, call } = this;
    const { attempt, timeline } = call;
    const now = timeline.enter(undefined);
    if (attempt.begun) throw call.describeError(error);
    learnFromFailure(runtime, call, error);
    const decision = this.decide(error);
    const wait = 'wait' in decision ? decision.wait : undefined;
    timeline.endAttempt(now - attempt.startedAt, attempt.answer?.status, error, wait);
    runtime.reporter.response(call, error);
    if ('error' in decision) throw call.describeError(decision.error);

    return this.repeat(decision, error);
  }

  private repeat({ kind, wait }: Repetition, error: AlicloudError): Observable<unknown> {
    const { runtime, call } = this;
    const { attempt, timeline } = call;
    this.kinds.add(kind);
    runtime.reporter.retried(call, kind, error, wait);
    timeline.enter('waiting');
    // Where the limiter holds it for as long, it keeps its turn there.
    const held =
      kind === 'throttled' && attempt.scope !== undefined ? runtime.limiter?.estimate(attempt.scope) : undefined;
    if (wait === 0 || (held !== undefined && held >= wait)) return of(0);
    return waitWithoutSlot(call, pause(wait));
  }

  /** Another attempt, or the error that the call ends in: its own, or that of a policy that failed. */
  private decide(error: AlicloudError): Repetition | { readonly error: AlicloudError } {
    try {
      return this.repetitionOf(error) ?? { error };
    } catch (problem) {
      return { error: toAlicloudError(problem) };
    }
  }

  private repetitionOf(error: AlicloudError): Repetition | undefined {
    const { clock, retries } = this.runtime;
    const { operation, plan, settings, attempt, remaining } = this.call;
    return retries.withSetting(settings.retry).next({
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

/** Whether it may be the network's failure in the words of a transport that is not ours. */
function isForeign(error: unknown): error is Error {
  return error instanceof Error && !isAlicloudError(error) && (error.name === 'TypeError' || 'code' in error);
}

/** Tells a client's listeners of its calls, and costs next to nothing where there are none. */
import { monotonicNow } from '../clock/monotonic.js';
import { isClientError, type AlicloudError, type Refusal } from '../errors.js';
import type { Events } from '../events/emitter.js';
import type { CallFacts } from '../events/events.js';
import { shownRequest, shownResponse } from '../masking/shown.js';
import type { FailureKind } from '../retry/failure.js';
import type { CallContext } from './call-context.js';
import { rawAnswerOf } from './raw-answer.js';
import { wallNow } from './timeline.js';

export class CallReporter {
  constructor(private readonly events: Events) {}

  /** Whether anybody listens. */
  get observed(): boolean {
    return this.events.observed;
  }

  queued(call: CallContext): void {
    this.events.emit({ type: 'queued', ...this.factsOf(call) });
  }

  started(call: CallContext): void {
    if (!this.observed) return;
    this.events.emit({ type: 'started', ...this.factsOf(call), queued: call.timeline.spent.queued });
  }

  throttled(call: CallContext): void {
    if (this.observed) this.events.emit({ type: 'throttled', ...this.factsOf(call) });
  }

  attempt(call: CallContext): void {
    const { attempt } = call;
    const { signed, number } = attempt;
    if (!this.observed || signed === undefined) return;
    const shown = (attempt.shown = once(() => shownRequest(signed.http, signed.secrets)));
    this.events.emit({
      type: 'attempt',
      ...this.factsOf(call),
      attempt: number,
      get request() {
        return shown();
      },
    });
  }

  /** After the attempt has been counted. */
  response(call: CallContext, error?: AlicloudError): void {
    const { attempt } = call;
    const { answer, signed, number, startedAt } = attempt;
    if (!this.observed || signed === undefined) return;
    const { http, secrets } = signed;
    const shown = attempt.shown ?? once(() => shownRequest(http, secrets));
    const response = once(() =>
      answer === undefined ? undefined : shownResponse('body' in answer ? rawAnswerOf(answer) : answer, secrets),
    );
    this.events.emit({
      type: 'answered',
      ...this.factsOf(call),
      attempt: number,
      duration: monotonicNow() - startedAt,
      get request() {
        return shown();
      },
      get response() {
        return response();
      },
      error,
    });
  }

  /** What of an answer did not fit the operation's description, and was handed on as it came. */
  drifted(call: CallContext, drift: () => readonly Refusal[]): void {
    if (this.observed) this.events.emit({ type: 'drifted', ...this.factsOf(call), drift: drift() });
  }

  retried(call: CallContext, kind: FailureKind | undefined, error: AlicloudError, wait: number): void {
    if (!this.observed) return;
    this.events.emit({ type: 'retried', ...this.factsOf(call), attempt: call.attempt.number, kind, error, wait });
  }

  finished(call: CallContext): void {
    this.events.emit({ type: 'finished', ...this.endOf(call) });
  }

  cancelled(call: CallContext): void {
    this.events.emit({ type: 'cancelled', ...this.endOf(call) });
  }

  failed(call: CallContext, error: AlicloudError): void {
    const isRefused =
      !call.started &&
      (isClientError(error, 'SDK.AsyncQueueFull') || isClientError(error, 'SDK.AsyncFunctionNotEnabled'));
    if (isRefused) this.events.emit({ type: 'refused', ...this.factsOf(call), error });
    else this.events.emit({ type: 'failed', ...this.endOf(call), error });
  }

  private factsOf({ id, operation: { action, service } }: CallContext): { time: number; call: CallFacts } {
    return { time: wallNow(), call: { id, product: service.product, version: service.version, action } };
  }

  private endOf(call: CallContext): { time: number; call: CallFacts; duration: number; attempts: number } {
    const duration = monotonicNow() - call.subscribedAt;
    return { ...this.factsOf(call), duration, attempts: call.started ? call.timeline.attempts.length : 0 };
  }
}

/** Most listeners look at neither requests nor answers, and masking takes longer than all else that is told. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Tells a client's listeners of its calls, and costs next to nothing where there are none. */
import { monotonicNow } from '../clock/monotonic.js';
import { isClientError, type AlicloudError } from '../errors.js';
import type { Events } from '../events/emitter.js';
import type { CallFacts, ThrottledEvent } from '../events/events.js';
import type { FailureKind } from '../retry/failure.js';
import type { CallContext } from './call-context.js';
import { wallNow } from './timeline.js';

interface Facts {
  readonly time: number;
  readonly call: CallFacts;
}

export class CallReporter {
  constructor(readonly events: Events) {}

  /** Whether anybody listens. */
  get observed(): boolean {
    return this.events.observed;
  }

  queued(call: CallContext): void {
    const { jobId } = call.timeline;
    this.events.emit({ type: 'queued', ...factsOf(call), ...(jobId === undefined ? {} : { jobId }) });
  }

  started(call: CallContext): void {
    if (!this.observed) return;
    this.events.emit({ type: 'started', ...factsOf(call), queued: call.timeline.spent.queued });
  }

  /** `facts` gives what the call waits for. */
  throttled(call: CallContext, facts: () => Pick<ThrottledEvent, 'key' | 'until'>): void {
    if (this.observed) this.events.emit({ type: 'throttled', ...factsOf(call), ...facts() });
  }

  /** Tells whoever was told of the attempt, after it has been counted. */
  answered({ attempt }: CallContext, error?: AlicloudError): void {
    attempt.tellAnswer?.(error);
  }

  retried(call: CallContext, kind: FailureKind | undefined, error: AlicloudError, wait: number): void {
    if (!this.observed) return;
    this.events.emit({ type: 'retried', ...factsOf(call), attempt: call.attempt.number, kind, error, wait });
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
    if (isRefused) this.events.emit({ type: 'refused', ...factsOf(call), error });
    else this.events.emit({ type: 'failed', ...this.endOf(call), error });
  }

  private endOf(call: CallContext): Facts & { readonly duration: number; readonly attempts: number } {
    const duration = monotonicNow() - call.subscribedAt;
    return { ...factsOf(call), duration, attempts: call.started ? call.timeline.attempts.length : 0 };
  }
}

export function factsOf({ id, operation: { action, service } }: CallContext): Facts {
  return { time: wallNow(), call: { id, product: service.product, version: service.version, action } };
}

/** Tells a client's listeners of its calls, and costs next to nothing where there are none. */
import { defer, EMPTY, merge, tap, type Observable } from 'rxjs';
import { isClientError, toAlicloudError, type AlicloudError } from '../errors.js';
import type { Events } from '../events/emitter.js';
import type { CallFacts } from '../events/events.js';
import { shownRequest, shownResponse } from '../events/shown.js';
import type { FailureKind } from '../retry/failure.js';
import { now, type CallRecord } from './record.js';
import type { SignedRequest } from './signing.js';

export class Reporter {
  constructor(private readonly events: Events) {}

  /** Whether anybody listens. */
  get observed(): boolean {
    return this.events.observed;
  }

  /** The call as a whole, from its subscription to its end. */
  call<T>(record: CallRecord, call: Observable<T>): Observable<T> {
    if (!this.events.observed) return call;
    const queued$ = defer(() => {
      if (!record.started) this.events.emit({ type: 'queued', ...this.facts(record) });
      return EMPTY;
    });
    return merge(call, queued$).pipe(
      tap({
        complete: () => this.ended('finished', record),
        error: (error: unknown) => this.failed(record, toAlicloudError(error)),
        // Whoever takes the response and no more has cancelled nothing.
        unsubscribe: () => this.ended(record.whole ? 'finished' : 'cancelled', record),
      }),
    );
  }

  started(record: CallRecord): void {
    if (!this.events.observed) return;
    this.events.emit({ type: 'started', ...this.facts(record), queued: record.spent.queued });
  }

  throttled(record: CallRecord): void {
    if (this.events.observed) this.events.emit({ type: 'throttled', ...this.facts(record) });
  }

  attempt(record: CallRecord, { http, secrets }: SignedRequest): void {
    if (!this.events.observed) return;
    record.shown = once(() => shownRequest(http, secrets));
    const { shown, attempt } = record;
    this.events.emit({
      type: 'attempt',
      ...this.facts(record),
      attempt,
      get request() {
        return shown();
      },
    });
  }

  /** After the attempt has been counted. */
  answered(record: CallRecord, error?: AlicloudError): void {
    const { answer, attempts, attemptAt, signed } = record;
    if (!this.events.observed || signed === undefined) return;
    const { http, secrets } = signed;
    const shown = record.shown ?? once(() => shownRequest(http, secrets));
    const response = once(() => (answer === undefined ? undefined : shownResponse(answer, secrets)));
    this.events.emit({
      type: 'answered',
      ...this.facts(record),
      attempt: attempts.length,
      duration: now() - attemptAt,
      get request() {
        return shown();
      },
      get response() {
        return response();
      },
      error,
    });
  }

  retried(record: CallRecord, kind: FailureKind | undefined, error: AlicloudError, wait: number): void {
    if (!this.events.observed) return;
    const attempt = record.attempts.length;
    this.events.emit({ type: 'retried', ...this.facts(record), attempt, kind, error, wait });
  }

  private ended(type: 'finished' | 'cancelled', record: CallRecord): void {
    this.events.emit({ type, ...this.endOf(record) });
  }

  private failed(record: CallRecord, error: AlicloudError): void {
    const isRefused =
      !record.started &&
      (isClientError(error, 'SDK.AsyncQueueFull') || isClientError(error, 'SDK.AsyncFunctionNotEnabled'));
    if (isRefused) this.events.emit({ type: 'refused', ...this.facts(record), error });
    else this.events.emit({ type: 'failed', ...this.endOf(record), error });
  }

  private facts({ id, call: { operation } }: CallRecord): { time: number; call: CallFacts } {
    const { action, service } = operation;
    return { time: now(), call: { id, product: service.product, version: service.version, action } };
  }

  private endOf(record: CallRecord): { time: number; call: CallFacts; duration: number; attempts: number } {
    return { ...this.facts(record), duration: now() - record.subscribedAt, attempts: record.attempts.length };
  }
}

/** Most listeners look at neither requests nor answers, and masking takes longer than all else that is told. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

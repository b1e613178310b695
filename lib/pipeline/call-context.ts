import { AsyncScope } from '#platform';
import type { AsyncModeCall } from '../async/async-mode.js';
import type { Slot } from '../async/dispatcher.js';
import { monotonicNow } from '../clock/monotonic.js';
import { toAlicloudError, type AlicloudError } from '../errors.js';
import type { HttpEvent } from '../http-event.js';
import type { QueuedCall } from '../client-options.js';
import type { CallRequest } from '../interceptor.js';
import type { Codecs } from '../codec/codecs.js';
import type { Decode } from '../codec/decode.js';
import type { EncodedRequest } from '../codec/encode.js';
import type { Writing } from '../codec/writing.js';
import type { AnyOperation, ResponseType } from '../service.js';
import type { CallSettings } from '../settings.js';
import { regionOf, withCallDetails } from './call-details.js';
import type { CurrentAttempt } from './current-attempt.js';
import { Timeline } from './timeline.js';

/** Where the codecs of a call come from: its operation's tables, its own description, or those given. */
export type CodecSource = 'tables' | 'untyped' | Codecs;

/** What a caller wants to know of a call: its events, its answer with the HTTP facts, or its answer's body alone. */
export type Observe = 'events' | 'response' | 'body';

/** How a call was made. */
export interface CallKind {
  /** Whether it needs the async mode, as chan and callback calls do. */
  readonly requiresAsync: boolean;
  readonly codecs: CodecSource;
  readonly observe: Observe;
}

/** What is sent, where to, and what its answer is read with. */
export interface Plan {
  readonly protocol: Writing;
  readonly encoded: EncodedRequest;
  readonly decode: Decode;
  /** The content type of a gateway's answers; absent where a service answers, which need not say it. */
  readonly answerType?: string;
  /** Known once the host is found. */
  origin: string;
}

/**
 * All that is known of one subscription to a call. A million may be waiting, so that what is needed later is made later: the
 * timeline when the call starts, its plan when it is encoded, its attempt with each attempt.
 */
export class CallContext extends AsyncScope implements QueuedCall, AsyncModeCall {
  readonly operation: AnyOperation;
  readonly request: unknown;
  readonly options: CallRequest['options'];
  /** By `monotonicNow()`. */
  readonly subscribedAt: number;
  slot: Slot | undefined = undefined;
  private given: Plan | undefined = undefined;
  private current: CurrentAttempt | undefined = undefined;
  private ownTimeline: Timeline | undefined = undefined;

  constructor(
    { operation, request, options }: CallRequest,
    readonly kind: CallKind,
    /** In the region that the request names, once it is encoded. */
    public settings: CallSettings,
    /** Counts a client's calls, from 1 on. */
    readonly id: number,
    /** Of a call that was made of another one: that one, and the request as it was passed on. */
    private readonly made?: { readonly of: CallContext; readonly as: CallRequest },
  ) {
    super();
    this.operation = operation;
    this.request = request;
    this.options = options;
    this.subscribedAt = made?.of.subscribedAt ?? monotonicNow();
  }

  /** The same call, changed by an interceptor, or made again. */
  fork(as: CallRequest, settings: CallSettings): CallContext {
    return new CallContext(as, this.kind, settings, this.id, { of: this, as });
  }

  /** The same call, with another request. */
  withRequest(request: unknown): CallContext {
    const { operation, options } = this.source;
    const changed = this.fork({ operation, request, options }, this.settings);
    changed.slot = this.slot;
    return changed;
  }

  /** A call that is made on the way of this one, in the same slot. */
  child(as: CallRequest, kind: CallKind, settings: CallSettings): CallContext {
    const child = new CallContext(as, kind, settings, this.id, { of: this, as });
    child.slot = this.slot;
    child.ownTimeline = new Timeline(monotonicNow());
    child.ownTimeline.enter(undefined);
    return child;
  }

  /** The operation that was asked for, on whose way this call may have been made. */
  get asked(): AnyOperation {
    return this.made?.of.asked ?? this.operation;
  }

  /** As it is before it is encoded. */
  get regionId(): string | undefined {
    return regionOf(this.request, this.options, this.settings.regionId);
  }

  get requiresAsync(): boolean {
    return this.kind.requiresAsync;
  }

  /** Whether it is told how much of its request's body has been sent. */
  get reportsUpload(): boolean {
    return this.kind.observe === 'events';
  }

  /** Whether each event, or each piece of its bytes, is wanted as it comes. */
  get answersInChunks(): boolean {
    return answersInChunks(this.operation, this.options);
  }

  /** As the last of the interceptors has passed it on. */
  get source(): CallRequest {
    const { operation, request, options } = this;
    return this.made?.as ?? { operation, request, options };
  }

  /** Shared by all that interceptors make of a call. */
  get timeline(): Timeline {
    return (this.ownTimeline ??= this.made?.of.timeline ?? new Timeline(this.subscribedAt));
  }

  /** Whether it has had its turn. */
  get started(): boolean {
    return this.ownTimeline?.started ?? this.made?.of.started ?? false;
  }

  get plan(): Plan {
    if (this.given === undefined) throw new Error('The request has not been encoded');
    return this.given;
  }

  set plan(plan: Plan) {
    this.given = plan;
  }

  /** The attempt that is in flight, or was the last. */
  get attempt(): CurrentAttempt {
    if (this.current === undefined) throw new Error('No attempt has begun');
    return this.current;
  }

  set attempt(attempt: CurrentAttempt) {
    this.current = attempt;
  }

  /** Whether nobody waits for it any more. */
  get closed(): boolean {
    return this.slot?.closed ?? false;
  }

  /** How much of the deadline is left, in milliseconds. */
  get remaining(): number {
    const { deadline } = this.settings;
    return deadline === 0 ? Infinity : this.subscribedAt + deadline - monotonicNow();
  }

  isFinal(event: unknown): boolean {
    // What its handlers emit is nothing else.
    return (event as HttpEvent).kind === 'response';
  }

  describeError(error: unknown): AlicloudError {
    return withCallDetails(this, toAlicloudError(error));
  }
}

/** Of a call without a description, it says both itself. */
export function answersInChunks(
  described: { readonly responseType?: ResponseType | undefined; readonly observe?: unknown } | undefined,
  options: { readonly observe?: unknown } | undefined = described,
): boolean {
  return described?.responseType === 'events' || options?.observe === 'stream';
}

/** What a client tells of its calls. Nothing in it is secret, in whatever way it is printed. */
import type { AlicloudError, ValidationIssue } from '../errors.js';
import type { FailureKind } from '../retry/failure.js';

/** Which call it is. */
export interface CallFacts {
  /** Counts a client's calls, from 1 on. */
  readonly id: number;
  readonly product: string;
  readonly version: string;
  /** Such as `DescribeRegions`. */
  readonly action: string;
}

interface EventOf<Type extends string> {
  readonly type: Type;
  /** In milliseconds since 1970. */
  readonly time: number;
  readonly call: CallFacts;
}

/** A request as it may be shown: secrets are masked. */
export interface ShownRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A text, or how many bytes there are. */
  readonly body: string | undefined;
}

/** An answer as it may be shown: secrets are masked. */
export interface ShownResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A text, or how many bytes there are; `undefined` where it is passed on as it comes. */
  readonly body: string | undefined;
}

/** The call waits for a slot of the async mode. */
export interface QueuedEvent extends EventOf<'queued'> {
  /** What the queue of a fleet knows the call by; `undefined` where it waits in this process. */
  readonly jobId?: string | undefined;
}

/** The call has its slot, or needs none. */
export interface StartedEvent extends EventOf<'started'> {
  /** How long it waited for its slot, in milliseconds. */
  readonly queued: number;
}

/** A request is being sent. */
export interface AttemptEvent extends EventOf<'attempt'> {
  /** From 1 on. */
  readonly attempt: number;
  readonly request: ShownRequest;
}

/** A request was answered, or failed. */
export interface ResponseEvent extends EventOf<'response'> {
  readonly attempt: number;
  /** In milliseconds. */
  readonly duration: number;
  readonly request: ShownRequest;
  readonly response?: ShownResponse | undefined;
  /** Where it failed: the server's error, or the network's. */
  readonly error?: AlicloudError | undefined;
}

/** An answer is not what the operation's description says. What can't be read is handed on as it came. */
export interface DriftedEvent extends EventOf<'drifted'> {
  /** What does not fit, the first ten places of it. */
  readonly drift: readonly ValidationIssue[];
}

/** An attempt failed, and another follows. */
export interface RetriedEvent extends EventOf<'retried'> {
  /** The attempt that failed. */
  readonly attempt: number;
  readonly kind: FailureKind | undefined;
  readonly error: AlicloudError;
  /** How long the call waits, in milliseconds. */
  readonly wait: number;
}

/** The call is held back: the server refuses calls of its kind for a while, or a limit of the `RateLimiter` is used up. */
export interface ThrottledEvent extends EventOf<'throttled'> {
  readonly key: ThrottleKey;
  /**
   * When calls of the key may go at the earliest, as far as it is known by then, in milliseconds since 1970; `undefined` where calls
   * before it have to end first.
   */
  readonly until: number | undefined;
}

/** What calls are held back by: a throttle of the server's, or a limit of the `RateLimiter`. Whose credentials they are is not told. */
export interface ThrottleKey {
  /** Such as `50 in 1000 ms` or `10 at a time`; `undefined` for a throttle of the server's. */
  readonly limit?: string | undefined;
  /** What a limit counts for, by a function of its own; the account is left out of it. */
  readonly name?: string | undefined;
  /** A region id, or the host where there is none; `undefined` where it does not matter. */
  readonly region?: string | undefined;
  /** Such as `Ecs`; `undefined` where it does not matter. */
  readonly product?: string | undefined;
  /** Such as `DescribeRegions`; `undefined` where all of them are concerned. */
  readonly operation?: string | undefined;
}

/** A key whose calls are held back. */
export interface ThrottledKey extends ThrottleKey {
  /** When its calls may go at the earliest, in milliseconds since 1970; `undefined` where calls before them have to end first. */
  readonly until: number | undefined;
  /** How many calls of this process wait for it. */
  readonly waiting: number;
}

interface EndedEvent<Type extends string> extends EventOf<Type> {
  /** From subscription to end, in milliseconds. */
  readonly duration: number;
  /** How often the request was sent. */
  readonly attempts: number;
}

/** The call has given its response. */
export type FinishedEvent = EndedEvent<'finished'>;

/** The call has ended in an error. */
export interface FailedEvent extends EndedEvent<'failed'> {
  readonly error: AlicloudError;
}

/** The call was unsubscribed from before it had ended. */
export type CancelledEvent = EndedEvent<'cancelled'>;

/** The call found pool and queue full, or the async mode off. */
export interface RefusedEvent extends EventOf<'refused'> {
  readonly error: AlicloudError;
}

export type CallEvent =
  | QueuedEvent
  | StartedEvent
  | AttemptEvent
  | ResponseEvent
  | DriftedEvent
  | RetriedEvent
  | ThrottledEvent
  | FinishedEvent
  | FailedEvent
  | CancelledEvent
  | RefusedEvent;

/** How a client is doing. */
export interface ClientStats {
  /** Calls that are in flight. */
  readonly running: number;
  /** Calls that wait for a slot. */
  readonly waiting: number;
  /** How many calls may run at a time in the async mode; `undefined` while it is off. One that is `adaptive` finds its own. */
  readonly poolSize: number | undefined;
  /** What is held back at the moment, by all who share the `rateLimiter`: empty where nothing is. */
  readonly throttled: readonly ThrottledKey[];
  /** The queue that the client shares with other processes; `undefined` where it has none, or has not been told of it. */
  readonly fleet: FleetStats | undefined;
  /** What happened in the last second. */
  readonly rates: {
    readonly started: number;
    readonly finished: number;
    readonly failed: number;
    readonly cancelled: number;
    readonly refused: number;
    readonly retried: number;
    readonly throttled: number;
    /** Answers that were not what their operation's description says. */
    readonly drifted: number;
  };
}

/** How a queue that processes share is doing, of all calls of all of them. */
export interface FleetStats {
  /** Calls that a worker has in hand. */
  readonly running: number;
  /** Calls that wait for a worker. */
  readonly waiting: number;
  /** Calls that are put off for a while: throttled, limited, or to be repeated. */
  readonly delayed: number;
  /** Calls that have ended in an error, as long as the queue keeps them. */
  readonly failed: number;
}

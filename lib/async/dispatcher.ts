import type { Observable, Subscription } from 'rxjs';
import type { ClientOptions } from '../client-options.js';
import type { FleetStats } from '../events/events.js';
import type { Listener } from './listener.js';
import type { ShutdownOptions } from './shutdown-options.js';

/** The calls that were accepted and have not ended. */
export interface QueueDepth {
  /** Those that have a slot, or need none. */
  readonly running: number;
  /** Those that wait for a slot, or to be repeated. */
  readonly waiting: number;
}

/** Decides when calls start: at once, when a slot of a pool is free, or somewhere else. */
export interface Dispatcher<Call extends Dispatched = Dispatched> {
  /** Cold: each subscription is a run of the call, which `start` makes when it is its turn. */
  run<C extends Call, T>(call: C, start: (call: C) => Observable<T>): Observable<T>;
  /** {@link run}, subscribed to. */
  submit<C extends Call, T>(call: C, start: (call: C) => Observable<T>, listener: Listener<T>): Subscription;
  readonly depth: QueueDepth;
  /**
   * Closes intake at once, and goes on by itself until nothing is left. The Observable tells of what is left, from its last
   * state on. However often it is called it is the same shutdown, which `mode: 'abort'` or a `timeout` hurries.
   *
   * @throws ConfigurationError
   */
  shutdown(options?: ShutdownOptions): Observable<QueueDepth>;
}

/** The dispatcher of the async mode: a {@link Dispatcher} whose sizes can be changed. */
export interface AsyncDispatcher<Call extends Dispatched = Dispatched> extends Dispatcher<Call> {
  /** How many calls run at a time. */
  readonly poolSize: number;
  /** Whether nothing is left of what was accepted. */
  readonly isEmpty: boolean;
  /** At once, and from a shutdown on each time that something may have changed; completes when nothing is left. */
  readonly changes$: Observable<unknown>;
  /** What was accepted stays accepted. */
  resize(poolSize: number, maxTaskQueueSize?: number): void;
  /** Starts nothing for as long as it is suspended. */
  suspend(suspended: boolean): void;
  /** The server has refused a call as one too many. */
  throttled?(): void;
  /** How the queue is doing that it shares with other processes, where it does. */
  readonly fleet$?: Observable<FleetStats>;
}

/** As they were asked for. */
export interface AsyncSizes extends Pick<ClientOptions, 'queue'> {
  readonly poolSize: NonNullable<ClientOptions['poolSize']>;
  readonly maxTaskQueueSize: number;
}

/** What a {@link RemoteDispatcher} is opened with: a client that has turned its async mode on. It refuses what it can't do. */
export interface DispatcherHost extends AsyncSizes {
  /** What all calls of the client share: the pipeline's `Runtime`, which this layer knows nothing of. */
  readonly runtime: unknown;
  /** To be called each time that nothing is left of what was accepted. */
  readonly emptied: () => void;
  /** To be called where `poolSize` has changed by itself. */
  readonly resized: () => void;
}

/** What a dispatcher needs of a call. */
export interface Dispatched {
  /** Does something in the async context in which the call was subscribed to. */
  inScope(work: () => void): void;
  /** Set while it runs. */
  slot: Slot | undefined;
  /** Whether a value is kept until the call has completed, so that its slot is free when its owner hears of it. */
  isFinal(value: unknown): boolean;
  /** Says more of an error than whoever raised it could. */
  describeError(error: unknown): unknown;
}

/** The place of a call that runs. */
export interface Slot {
  /** Whether the call has ended, or was unsubscribed from. */
  readonly closed: boolean;
  /**
   * Gives the slot back for as long as `wait$` lasts, and emits its last value when the next one is free, before calls
   * that have never run get one. An error of `wait$` is passed on without a slot.
   */
  leaveDuring<W>(wait$: Observable<W>): Observable<W>;
}

import {
  concat,
  defer,
  distinctUntilChanged,
  map,
  merge,
  of,
  Subject,
  throwError,
  type Observable,
  type Subscription,
} from 'rxjs';
import { ClientError } from '../errors.js';
import { isolate } from '../isolate.js';
import type { AsyncOptions, ClientOptions, RemoteDispatcher } from '../client-options.js';
import type { FleetStats } from '../events/events.js';
import { openList } from '../queues/open-list.js';
import type { OpenQueue } from '../queues/waiting-list.js';
import { checkOptions } from '../schema/options.js';
import { asyncRules, defaults, sizeRules } from '../settings.js';
import type { AsyncDispatcher, AsyncSizes, Dispatched, Dispatcher, DispatcherHost, QueueDepth } from './dispatcher.js';
import type { Listener } from './listener.js';
import { equal, Pool } from './pool.js';
import { requireShutdownOptions, type ShutdownOptions } from './shutdown-options.js';
import { LeanObservable } from './task.js';

/** A call of a client: some can only be made in the async mode. */
export interface AsyncModeCall extends Dispatched {
  readonly requiresAsync: boolean;
}

/** Runs the calls of a client: directly, or through a pool. Each time the mode is turned on there is a new one. */
export class AsyncMode implements Dispatcher<AsyncModeCall> {
  private pool: AsyncDispatcher | undefined;
  /** The pools that were shut down and have not run empty. */
  private readonly draining = new Set<AsyncDispatcher>();
  private depth$: Observable<QueueDepth> = of({ running: 0, waiting: 0 });
  private closed = false;
  private readonly idle = new Subject<void>();
  private readonly emptied = (): void => {
    if (this.isIdle) this.idle.next();
  };
  private direct = this.unbounded();
  /** Emits where the mode is turned on or off, or a size changes; completes when the client is closed and nothing is left. */
  readonly changes = new Subject<void>();
  /** Emits at once where nothing is left of what was accepted, and each time that nothing is. */
  readonly idle$ = isolate(defer(() => (this.isIdle ? concat(of(undefined), this.idle) : this.idle)));

  constructor(
    /** Where the calls are made, if not in a pool of this process. */
    private readonly remote?: RemoteDispatcher,
    /** What all calls of the client share. */
    private readonly runtime?: unknown,
  ) {}

  /**
   * @throws ConfigurationError for sizes out of range, ClientError `SDK.AsyncAlreadyEnabled` when the mode is on, `SDK.Closed`
   * when the client is closed.
   */
  enable(
    poolSize: ClientOptions['poolSize'] = defaults.poolSize,
    maxTaskQueueSize: number = defaults.maxTaskQueueSize,
    options?: AsyncOptions,
  ): void {
    checkOptions({ ...options, poolSize, maxTaskQueueSize }, asyncRules);
    if (this.closed) throw closed();
    if (this.pool) {
      throw new ClientError('SDK.AsyncAlreadyEnabled', 'The async mode is on already; call shutdown() first');
    }
    const { remote, runtime, emptied } = this;
    const sizes = { poolSize, maxTaskQueueSize, queue: options?.queue };
    const host: DispatcherHost = { ...sizes, runtime, emptied, resized: () => this.changes.next() };
    // What it takes and gives, only the layers above know, and it.
    const opened = remote?.open(host as never) as AsyncDispatcher | undefined;
    this.pool = opened ?? this.openPool(sizes);
    this.changes.next();
  }

  private openPool({ poolSize, maxTaskQueueSize, queue }: AsyncSizes): Pool {
    let size = poolSize;
    let open: OpenQueue<never> = queue?.open ?? openList;
    if (typeof size === 'object') {
      open = size.govern(open);
      size = size.min;
    }
    // What the queue takes them for, the calls of a client are.
    return new Pool(size, maxTaskQueueSize, this.emptied, open);
  }

  /** @throws ConfigurationError for sizes out of range, ClientError `SDK.AsyncFunctionNotEnabled` when the mode is off. */
  resize(poolSize: number | undefined, maxTaskQueueSize: number | undefined): void {
    checkOptions({ poolSize, maxTaskQueueSize }, sizeRules);
    const pool = this.requirePool();
    pool.resize(poolSize ?? pool.poolSize, maxTaskQueueSize);
    this.changes.next();
  }

  /** @throws ClientError `SDK.AsyncFunctionNotEnabled` when the mode is off. */
  suspend(suspended: boolean): void {
    this.requirePool().suspend(suspended);
  }

  /** The server has refused a call as one too many. */
  throttled(): void {
    this.pool?.throttled?.();
  }

  /** How many calls run at a time; `undefined` when the mode is off. */
  get poolSize(): number | undefined {
    return this.pool?.poolSize;
  }

  /** How the queue is doing that the client shares with other processes; `undefined` where it has none, or the mode is off. */
  get fleet$(): Observable<FleetStats> | undefined {
    return this.pool?.fleet$;
  }

  /** Through the pool if the mode is on when it is subscribed to, else directly. */
  run<C extends AsyncModeCall, T>(call: C, start: (call: C) => Observable<T>): Observable<T> {
    return new LeanObservable((listener) => this.submit(call, start, listener));
  }

  submit<C extends AsyncModeCall, T>(call: C, start: (call: C) => Observable<T>, listener: Listener<T>): Subscription {
    const { pool } = this;
    if (this.closed) return refuse(closed(), call, listener);
    if (call.requiresAsync && pool === undefined) return refuse(notEnabled(), call, listener);
    return (pool ?? this.direct).submit(call, start, listener);
  }

  /** In all pools and outside of them. */
  get depth(): QueueDepth {
    return total(this.pools);
  }

  private get pools(): AsyncDispatcher[] {
    return [...this.draining, this.direct, ...(this.pool ? [this.pool] : [])];
  }

  private get isIdle(): boolean {
    return this.pools.every((pool) => pool.isEmpty);
  }

  private requirePool(): AsyncDispatcher {
    if (this.pool === undefined) throw notEnabled();
    return this.pool;
  }

  /** Only keeps count of calls, so that they can be waited for and cut off. */
  private unbounded(): Pool {
    return new Pool(Infinity, 0, this.emptied);
  }

  /**
   * Turns the mode off at once. What is in flight goes on, in a pool or outside of one, and so does what an earlier shutdown
   * has left: the Observable sums up all that is left, and `options` hurries all of it.
   */
  shutdown(options: ShutdownOptions = {}): Observable<QueueDepth> {
    requireShutdownOptions(options);
    this.retire();
    // Whoever is cut off may turn the mode on and off again in answer.
    const { depth$ } = this;
    for (const pool of [...this.draining]) pool.shutdown(options);
    return depth$;
  }

  /** The same, for good: later calls are refused with `SDK.Closed`. */
  close(options: ShutdownOptions): Observable<QueueDepth> {
    requireShutdownOptions(options);
    this.closed = true;
    const left$ = this.shutdown(options);
    left$.subscribe({ complete: () => this.changes.complete() });
    return left$;
  }

  /** Puts what takes calls now among those that drain. */
  private retire(): void {
    const { pool, direct } = this;
    if (pool === undefined && direct.isEmpty) return;
    this.pool = undefined;
    if (!direct.isEmpty) this.direct = this.unbounded();
    const retired = [...(pool ? [pool] : []), ...(direct.isEmpty ? [] : [direct])];
    for (const each of retired) this.draining.add(each);
    const pools = [...this.draining];
    for (const each of retired) each.shutdown().subscribe({ complete: () => this.draining.delete(each) });
    this.depth$ = merge(...pools.map(({ changes$ }) => changes$)).pipe(
      map(() => total(pools)),
      distinctUntilChanged(equal),
    );
    this.changes.next();
  }
}

function total(pools: readonly AsyncDispatcher[]): QueueDepth {
  const sum = (key: keyof QueueDepth) => pools.reduce((before, { depth }) => before + depth[key], 0);
  return { running: sum('running'), waiting: sum('waiting') };
}

function refuse<T>(error: ClientError, call: Dispatched, listener: Listener<T>): Subscription {
  return throwError(() => call.describeError(error)).subscribe(listener ?? undefined);
}

function notEnabled(): ClientError {
  return new ClientError('SDK.AsyncFunctionNotEnabled', 'The async mode is off: call enableAsync() first');
}

function closed(): ClientError {
  return new ClientError('SDK.Closed', 'The client is closed');
}

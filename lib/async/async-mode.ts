import { defer, distinctUntilChanged, finalize, map, merge, of, throwError, type Observable } from 'rxjs';
import { defaults } from '../settings.js';
import { ClientError } from '../errors.js';
import { equal, Pool, type Remaining, type ShutdownOptions } from './pool.js';
import { RoutedCall } from './routed-call.js';
import { requireShutdownOptions } from './shutdown-options.js';
import { requireInteger } from './sizes.js';

/** Whether calls go through a pool, and which. Each time the mode is turned on there is a new one. */
export class AsyncMode {
  private pool: Pool | undefined;
  /** The pools that were shut down and have not run empty. */
  private readonly draining = new Set<Pool>();
  private remaining$: Observable<Remaining> = of({ running: 0, waiting: 0 });
  /** How many calls run that went through no pool. */
  private direct = 0;

  get enabled(): boolean {
    return this.pool !== undefined;
  }

  /** @throws ConfigurationError for sizes out of range, ClientError `SDK.AsyncAlreadyEnabled` when the mode is on. */
  enable(poolSize: number = defaults.poolSize, maxTaskQueueSize: number = defaults.maxTaskQueueSize): void {
    requireInteger('poolSize', poolSize, 1);
    requireInteger('maxTaskQueueSize', maxTaskQueueSize, 0);
    if (this.pool) {
      throw new ClientError('SDK.AsyncAlreadyEnabled', 'The async mode is on already; call shutdown() first');
    }
    this.pool = new Pool(poolSize, maxTaskQueueSize);
  }

  /** How many calls run and wait, in all pools and outside of them. */
  get counts(): Remaining {
    const pools = [...this.draining, ...(this.pool ? [this.pool] : [])];
    return total([{ running: this.direct, waiting: 0 }, ...pools.map((pool) => pool.counts)]);
  }

  /** The call as it is to be made: when subscribed to, through the pool if the mode is on then, else directly. */
  route<T>(call: Observable<T>, many = false): Observable<T> {
    return new RoutedCall((listener) =>
      this.pool ? this.pool.submit(call, many, listener) : this.counted(call).subscribe(listener ?? undefined),
    );
  }

  /** The call through the pool; `SDK.AsyncFunctionNotEnabled` if the mode is off when it is subscribed to. */
  requireEnabled<T>(call: Observable<T>, many = false): Observable<T> {
    return new RoutedCall((listener) =>
      this.pool ? this.pool.submit(call, many, listener) : refusal$.subscribe(listener ?? undefined),
    );
  }

  /**
   * Turns the mode off at once. What the pool accepted goes on, and so does what an earlier one has left: the Observable
   * sums up all that is left, and `options` hurries all of it.
   *
   * @throws ConfigurationError
   */
  shutdown(options: ShutdownOptions = {}): Observable<Remaining> {
    requireShutdownOptions(options);
    if (this.pool) this.close(this.pool);
    // Whoever is cut off may turn the mode on and off again in answer.
    const { remaining$ } = this;
    for (const pool of [...this.draining]) pool.shutdown(options);
    return remaining$;
  }

  private counted<T>(call: Observable<T>): Observable<T> {
    return defer(() => {
      this.direct++;
      return call.pipe(finalize(() => this.direct--));
    });
  }

  private close(pool: Pool): void {
    this.pool = undefined;
    this.draining.add(pool);
    const pools = [...this.draining];
    this.remaining$ = merge(...pools.map((each) => each.shutdown())).pipe(
      map(() => total(pools.map(({ counts }) => counts))),
      distinctUntilChanged(equal),
    );
    pool.shutdown().subscribe({ complete: () => this.draining.delete(pool) });
  }
}

function total(parts: readonly Remaining[]): Remaining {
  const sum = (key: keyof Remaining) => parts.reduce((before, part) => before + part[key], 0);
  return { running: sum('running'), waiting: sum('waiting') };
}

const refusal$ = throwError(
  () =>
    new ClientError(
      'SDK.AsyncFunctionNotEnabled',
      'The async mode is off: call enableAsync() before chan and callback calls',
    ),
);

import { combineLatest, defer, map, of, throwError, type Observable } from 'rxjs';
import { defaults } from '../config.js';
import { ClientError } from '../errors.js';
import { Pool, type Remaining, type ShutdownOptions } from './pool.js';
import { requireShutdownOptions } from './shutdown-options.js';
import { requireInteger } from './sizes.js';

/** Whether calls go through a pool, and which. Each time the mode is turned on there is a new one. */
export class AsyncMode {
  private pool: Pool | undefined;
  /** The pools that were shut down and have not run empty. */
  private readonly draining = new Set<Pool>();
  private remaining$: Observable<Remaining> = of({ running: 0, waiting: 0 });

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

  /** The call as it is to be made: when subscribed to, through the pool if the mode is on then, else directly. */
  route<T>(call: Observable<T>, many = false): Observable<T> {
    return defer(() => this.pool?.run(call, many) ?? call);
  }

  /** The call through the pool; `SDK.AsyncFunctionNotEnabled` if the mode is off when it is subscribed to. */
  requireEnabled<T>(call: Observable<T>, many = false): Observable<T> {
    return defer(() => this.pool?.run(call, many) ?? throwError(notEnabled));
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

  private close(pool: Pool): void {
    this.pool = undefined;
    this.draining.add(pool);
    this.remaining$ = combineLatest([...this.draining].map((each) => each.shutdown())).pipe(map(total));
    pool.shutdown().subscribe({ complete: () => this.draining.delete(pool) });
  }
}

function total(parts: readonly Remaining[]): Remaining {
  const sum = (key: keyof Remaining) => parts.reduce((before, part) => before + part[key], 0);
  return { running: sum('running'), waiting: sum('waiting') };
}

function notEnabled(): ClientError {
  return new ClientError(
    'SDK.AsyncFunctionNotEnabled',
    'The async mode is off: call enableAsync() before chan and callback calls',
  );
}

import { monotonicNow } from '../clock/monotonic.js';
import {
  checkOption,
  checkOptions,
  integerFrom,
  ofType,
  invalidOption,
  type Rule,
  type Rules,
} from '../schema/options.js';
import type { AdaptiveSize } from './discipline.js';
import type { Queued, QueueHost, WaitingQueue } from './waiting-list.js';

export interface AdaptiveOptions<T> {
  /** What it begins with, and never falls below: an integer >= 1. */
  readonly min: number;
  /** What it never exceeds: an integer >= `min`. */
  readonly max: number;
  /** What a decrease leaves of the size: a number > 0 and < 1. @default 0.7 */
  readonly backoff?: number | undefined;
  /**
   * How many times as long as usual what runs may take, on average, before the size is decreased: a number > 1. `Infinity`: time
   * does not count.
   * @default 2
   */
  readonly tolerance?: number | undefined;
  /**
   * What is compared with its like, as not everything takes as long; asked for when one is started, which ends in what it throws.
   * @default of the calls of a client each operation by itself; of other values all alike
   */
  readonly keyOf?: ((value: T) => unknown) | undefined;
}

/**
 * A size that finds itself, by additive increase and multiplicative decrease: it grows by one each time that as many have ended as
 * run, as long as others wait, and shrinks to `backoff` of itself when the server throttles a call, or when what runs takes
 * `tolerance` times as long as usual; of all that was started before a decrease, none brings about another. `client.resize` sets
 * where it goes on from.
 *
 * @example
 * const client = new EcsClient({ enableAsync: true, poolSize: adaptive({ min: 2, max: 50 }) });
 * client.stats$.subscribe(({ poolSize }) => console.log(poolSize));
 *
 * @throws ConfigurationError
 */
export function adaptive<T = unknown>(options: AdaptiveOptions<T>): AdaptiveSize<T> {
  checkOptions(options, rules);
  const { min, max, backoff = 0.7, tolerance = 2, keyOf = operationOf } = options;
  checkOption('min', min, rules.min);
  checkOption('max', max, rules.max);
  if (max < min) throw invalidOption('max', `an integer >= min, which is ${min}`, max);
  const checked = { min, max, backoff, tolerance, keyOf };
  return { min, max, govern: (open) => (host) => new GovernedQueue(open(host), host, checked) };
}

/** How much a new time counts in what is usual. */
const weightOfNews = 0.05;
/** Of how many keys the usual time is known, at most. */
const capacity = 1000;

type Checked<T> = { readonly [Name in keyof AdaptiveOptions<T>]-?: NonNullable<AdaptiveOptions<T>[Name]> };

interface Started {
  readonly at: number;
  readonly key: unknown;
  /** How often the size had been decreased. */
  readonly decreases: number;
}

class GovernedQueue<W extends Queued<T>, T> implements WaitingQueue<W> {
  private readonly started = new Map<W, Started>();
  /** How long what has a key usually takes, in milliseconds. */
  private readonly usual = new Map<unknown, number>();
  private decreases = 0;
  /** Whether any has ended that was started since the last decrease. */
  private isNews = true;
  /** How many have ended since the size was last changed; and how many times as long as usual they have taken, together. */
  private ended = 0;
  private slowness = 0;
  readonly evict: ((comer: W) => W | undefined) | undefined;

  constructor(
    private readonly queue: WaitingQueue<W>,
    private readonly host: QueueHost<W>,
    private readonly options: Checked<T>,
  ) {
    this.evict = queue.evict && ((comer) => queue.evict?.(comer));
  }

  get size(): number {
    return this.queue.size;
  }

  push(member: W): void {
    this.queue.push(member);
  }

  shift(any?: boolean): W | undefined {
    for (let member; (member = this.queue.shift(any));) {
      if (any === true || this.begun(member)) return member;
    }
    return undefined;
  }

  /** What its key throws, one ends in. */
  private begun(member: W): boolean {
    const { decreases } = this;
    try {
      this.started.set(member, { at: monotonicNow(), key: this.options.keyOf(member.value), decreases });
      return true;
    } catch (error) {
      this.queue.release?.(member);
      this.host.drop(member, error);
      return false;
    }
  }

  release(member: W): void {
    this.queue.release?.(member);
    const started = this.started.get(member);
    if (started === undefined) return;
    this.started.delete(member);
    // What was cancelled says nothing of how long it takes.
    if (member.closed !== true) this.learn(started);
  }

  /** Of many that are refused together, the first alone is news. */
  throttled(): void {
    if (this.isNews) this.decrease();
  }

  private learn({ at, key, decreases }: Started): void {
    const { tolerance } = this.options;
    const time = Math.max(1, monotonicNow() - at);
    const usual = this.usual.get(key) ?? time;
    this.usual.delete(key);
    this.usual.set(key, usual + (time - usual) * weightOfNews);
    const [oldest] = this.usual.keys();
    if (this.usual.size > capacity) this.usual.delete(oldest);
    if (decreases < this.decreases) return;
    this.isNews = true;
    this.slowness += time / usual;
    if (++this.ended < this.host.poolSize) return;
    if (this.slowness / this.ended > tolerance) this.decrease();
    else if (this.queue.size > 0) this.resize(this.host.poolSize + 1);
    else this.begin();
  }

  private decrease(): void {
    this.decreases++;
    this.isNews = false;
    this.resize(Math.floor(this.host.poolSize * this.options.backoff));
  }

  private resize(size: number): void {
    const { min, max } = this.options;
    this.begin();
    this.host.resize(Math.min(max, Math.max(min, size)));
  }

  private begin(): void {
    this.ended = 0;
    this.slowness = 0;
  }
}

/** Of a call; other values have none. */
function operationOf(value: unknown): unknown {
  return (Object(value) as { readonly operation?: unknown }).operation;
}

const integer = integerFrom(1);

const rules: Rules<AdaptiveOptions<never>> = {
  min: integer,
  max: integer,
  backoff: { expected: 'a number > 0 and < 1', fits: (value) => typeof value === 'number' && value > 0 && value < 1 },
  tolerance: { expected: 'a number > 1', fits: (value) => typeof value === 'number' && value > 1 } satisfies Rule,
  keyOf: ofType('function'),
};

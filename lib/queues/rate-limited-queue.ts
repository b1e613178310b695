import { timer, type Subscription } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import { checkOption, type Rule } from '../schema/options.js';
import type { TaskQueue } from './discipline.js';
import type { RateOptions } from './options.js';
import type { Queued } from './waiting-list.js';

interface Start {
  readonly at: number;
  weight: number;
}

/**
 * Lets out so much within any interval: not so much for each tick of a clock, of which two that follow each other would let out
 * twice as much. Whose turn it is waits for its weight, and nobody overtakes it, so that what is heavy has its turn, too.
 */
export class RateLimitedQueue<T> implements TaskQueue<T> {
  /** Whose turn it is, and who is too heavy for what is left. */
  private next: Queued<unknown> | undefined = undefined;
  private readonly weights = new Map<Queued<unknown>, number>();
  /** Those within the last interval, by the millisecond. */
  private readonly starts: Start[] = [];
  private forgotten = 0;
  private used = 0;
  private timer: Subscription | undefined = undefined;
  /** Only where the order wants to hear of it. */
  readonly release: ((task: Queued<unknown>) => void) | undefined;

  constructor(
    private readonly order: TaskQueue<T>,
    private readonly rate: RateOptions<T>,
    private readonly wake: () => void,
  ) {
    this.release = order.release && ((task) => order.release?.(task));
  }

  get size(): number {
    return this.order.size + (this.next === undefined ? 0 : 1);
  }

  push(task: Queued<T>): void {
    const { weight: weigh, limit } = this.rate;
    if (weigh === undefined) return this.order.push(task);
    const weight = weigh(task.value);
    checkOption('rate.weight()', weight, weightRule);
    this.order.push(task);
    this.weights.set(task, Math.min(weight, limit));
  }

  shift(): Queued<unknown> | undefined {
    const now = monotonicNow();
    this.forget(now);
    const task = (this.next ??= this.order.shift());
    if (task === undefined) return undefined;
    const weight = this.weights.get(task) ?? 1;
    if (this.used + weight > this.rate.limit) {
      this.wakeFor(weight, now);
      return undefined;
    }
    this.next = undefined;
    this.weights.delete(task);
    this.count(weight, now);
    this.rest();
    return task;
  }

  remove(task: Queued<unknown>): boolean {
    this.weights.delete(task);
    const isNext = this.next === task;
    if (isNext) {
      this.next = undefined;
      this.release?.(task);
      // Another may be light enough for what is left.
      this.stop();
      this.wake();
    }
    const wasThere = isNext || this.order.remove(task);
    this.rest();
    return wasThere;
  }

  private count(weight: number, at: number): void {
    const last = this.starts.at(-1);
    this.used += weight;
    if (last?.at === at) last.weight += weight;
    else this.starts.push({ at, weight });
  }

  /** What was started an interval ago, or earlier. */
  private forget(now: number): void {
    for (let start; (start = this.starts[this.forgotten]) && start.at + this.rate.interval <= now;) {
      this.used -= start.weight;
      this.forgotten++;
    }
    // Now and then, as each time would move all that are left.
    if (this.forgotten * 2 <= this.starts.length) return;
    this.starts.splice(0, this.forgotten);
    this.forgotten = 0;
    // Weights may be fractions, whose sum need not come back to 0.
    if (this.starts.length === 0) this.used = 0;
  }

  /** Set while something waits for its weight. */
  private wakeFor(weight: number, now: number): void {
    if (this.timer !== undefined) return;
    let free = this.rate.limit - this.used;
    let index = this.forgotten;
    for (let start; free < weight && (start = this.starts[index]); index++) free += start.weight;
    const at = this.starts[index - 1]?.at ?? now;
    this.timer = timer(Math.max(0, at + this.rate.interval - now)).subscribe(() => {
      this.timer = undefined;
      this.wake();
    });
  }

  private rest(): void {
    if (this.size === 0) this.stop();
  }

  private stop(): void {
    this.timer?.unsubscribe();
    this.timer = undefined;
  }
}

const weightRule: Rule = {
  expected: 'a number >= 0',
  fits: (value) => typeof value === 'number' && value >= 0,
};

import { checkOption, ofType } from '../schema/options.js';
import type { MakeQueue, QueueDiscipline } from './discipline.js';
import { HostedQueue } from './hosted-queue.js';
import { checkQueueOptions, type QueueOptions } from './options.js';
import { RateLimitedQueue } from './rate-limited-queue.js';

/**
 * A queue of your own: `make` gives a {@link TaskQueue} for each pool, and is told how to wake it.
 *
 * @example
 * // Last in, first out.
 * class Stack implements TaskQueue<unknown> {
 *   private readonly tasks = new Set<Queued<unknown>>();
 *   get size() {
 *     return this.tasks.size;
 *   }
 *   push(task: Queued<unknown>) {
 *     this.tasks.add(task);
 *   }
 *   shift() {
 *     const newest = [...this.tasks].pop();
 *     if (newest) this.tasks.delete(newest);
 *     return newest;
 *   }
 *   remove(task: Queued<unknown>) {
 *     return this.tasks.delete(task);
 *   }
 * }
 * const client = new EcsClient({ enableAsync: true, queue: queueOf(() => new Stack(), { maxQueueTime: 5_000 }) });
 *
 * @throws ConfigurationError
 */
export function queueOf<T>(make: MakeQueue<T>, options: QueueOptions<T> = {}): QueueDiscipline<T> {
  checkOption('make', make, ofType('function'));
  checkQueueOptions(options);
  return disciplineOf(make, options);
}

/** The same, with options that were checked. */
export function disciplineOf<T>(makeOrder: MakeQueue<T>, options: QueueOptions<T>): QueueDiscipline<T> {
  const { rate, overflow = 'error', maxQueueTime } = options;
  const make: MakeQueue<T> =
    rate === undefined ? makeOrder : (wake) => new RateLimitedQueue(makeOrder(wake), rate, wake);
  return {
    make,
    drops: overflow !== 'error' || maxQueueTime !== undefined,
    open: (host) => new HostedQueue(host, make, { overflow, maxQueueTime }),
  };
}

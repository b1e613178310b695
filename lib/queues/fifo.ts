import type { QueueDiscipline, TaskQueue } from './discipline.js';
import { checkQueueOptions, type QueueOptions } from './options.js';
import { disciplineOf } from './queue-of.js';
import { openList } from './open-list.js';
import { leave, WaitingList, type Queued } from './waiting-list.js';

/**
 * First in, first out: what a pool is where no queue is given, and with options what it can be beside that. Every step is O(1).
 *
 * @example
 * const client = new EcsClient({
 *   enableAsync: true,
 *   queue: fifo({ overflow: 'dropOldest', maxQueueTime: 5_000, rate: { limit: 100, interval: 1_000 } }),
 * });
 *
 * @throws ConfigurationError
 */
export function fifo<T = unknown>(options: QueueOptions<T> = {}): QueueDiscipline<T> {
  checkQueueOptions(options);
  const discipline = disciplineOf<T>(() => new FirstInFirstOut(), options);
  return discipline.drops || options.rate ? discipline : { ...discipline, open: openList };
}

/** The order alone: what other queues are made of. */
export class FirstInFirstOut<T> extends WaitingList<Queued<T>> implements TaskQueue<T> {
  remove(task: Queued<unknown>): boolean {
    return leave(task);
  }
}

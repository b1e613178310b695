import { checkOption, ofType, type Rule, type Rules } from '../schema/options.js';
import type { MakeQueue, QueueDiscipline, TaskQueue } from './discipline.js';
import { FirstInFirstOut } from './fifo.js';
import { checkQueueOptions, queueRules, withinRule, type QueueOptions } from './options.js';
import { disciplineOf } from './queue-of.js';
import type { Queued } from './waiting-list.js';

export interface PriorityOptions<T> extends QueueOptions<T> {
  /** The order among those of one priority; with a `rate`, each priority has one of its own. @default `fifo()` */
  readonly within?: QueueDiscipline<T> | undefined;
}

const rules: Rules<PriorityOptions<unknown>> = { ...queueRules, within: withinRule };

/**
 * The highest number first; those of one number first in, first out. What waits with a low one waits for as long as there is
 * anything higher. To push and to shift is O(log n) in the number of priorities that there are, to cancel O(1).
 *
 * @example
 * const client = new EcsClient({ enableAsync: true, queue: priority(({ options }) => (options?.tag === 'urgent' ? 1 : 0)) });
 * client.describeInstances({}, { tag: 'urgent' }).subscribe();
 *
 * @param of asked for each one when it begins to wait, in the async context (`AsyncLocalStorage`) of its caller; gives any number
 * but `NaN`. What it throws, the call ends in.
 * @throws ConfigurationError
 */
export function priority<T>(of: (value: T) => number, options: PriorityOptions<T> = {}): QueueDiscipline<T> {
  checkOption('of', of, ofType('function'));
  checkQueueOptions(options, rules);
  const make = options.within?.make ?? (() => new FirstInFirstOut<T>());
  return disciplineOf((wake) => new PriorityQueue(of, make, wake), options);
}

class PriorityQueue<T> implements TaskQueue<T> {
  size = 0;
  private readonly levels = new Map<number, Level<T>>();
  /** Of each that waits, or runs. */
  private readonly levelsOf = new Map<Queued<unknown>, Level<T>>();
  /** The levels that may have something to start: a binary heap, the highest first. */
  private readonly heap: Level<T>[] = [];

  constructor(
    private readonly of: (value: T) => number,
    private readonly make: MakeQueue<T>,
    private readonly wake: () => void,
  ) {}

  push(task: Queued<T>): void {
    const priority = this.of(task.value);
    checkOption('priority()', priority, priorityRule);
    let level = this.levels.get(priority);
    if (level === undefined) {
      const made = new Level<T>(priority, () => this.make(() => this.awake(made)));
      level = made;
      this.levels.set(priority, level);
    }
    try {
      level.tasks.push(task);
    } finally {
      // Also one that nothing has come into, which is forgotten when it is on top.
      this.line(level);
    }
    this.size++;
    this.levelsOf.set(task, level);
  }

  shift(): Queued<unknown> | undefined {
    for (let level; (level = this.heap[0]);) {
      const task = level.tasks.shift();
      if (task !== undefined) {
        this.size--;
        level.running++;
        return task;
      }
      // Those of a level may wait for more than their turn: it comes back when it is told so.
      this.dropHighest();
      this.forget(level);
    }
    return undefined;
  }

  remove(task: Queued<unknown>): boolean {
    const level = this.levelsOf.get(task);
    if (!level?.tasks.remove(task)) return false;
    this.size--;
    this.levelsOf.delete(task);
    this.forget(level);
    this.compact();
    return true;
  }

  release(task: Queued<unknown>): void {
    const level = this.levelsOf.get(task);
    if (level === undefined) return;
    this.levelsOf.delete(task);
    level.running--;
    level.tasks.release?.(task);
    if (level.tasks.size > 0) this.line(level);
    this.forget(level);
  }

  private awake(level: Level<T>): void {
    this.line(level);
    this.wake();
  }

  private forget(level: Level<T>): void {
    if (!level.isInLine && level.tasks.size === 0 && level.running === 0) this.levels.delete(level.priority);
  }

  /** Those that have become empty by cancels would stay until they are on top. */
  private compact(): void {
    if (this.heap.length <= 2 * this.size + 64) return;
    const levels = this.heap.splice(0);
    for (const level of levels) {
      level.isInLine = false;
      if (level.tasks.size > 0) this.line(level);
      else this.forget(level);
    }
  }

  private line(level: Level<T>): void {
    if (level.isInLine) return;
    level.isInLine = true;
    const { heap } = this;
    let index = heap.length;
    for (let parent; index > 0; index = parent) {
      parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.priority > level.priority) break;
      heap[index] = above;
    }
    heap[index] = level;
  }

  private dropHighest(): void {
    const { heap } = this;
    const [highest] = heap;
    const last = heap.pop();
    if (highest) highest.isInLine = false;
    if (last === undefined || last === highest) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      if (one === undefined) break;
      const [child, higher] = other && other.priority > one.priority ? [left + 1, other] : [left, one];
      if (higher.priority < last.priority) break;
      heap[index] = higher;
      index = child;
    }
    heap[index] = last;
  }
}

class Level<T> {
  /** Whether it is in the heap. */
  isInLine = false;
  /** How many of it have been started, and have not ended. */
  running = 0;
  readonly tasks: TaskQueue<T>;

  constructor(
    readonly priority: number,
    make: () => TaskQueue<T>,
  ) {
    this.tasks = make();
  }
}

const priorityRule: Rule = {
  expected: 'a number, and not NaN',
  fits: (value) => typeof value === 'number' && !Number.isNaN(value),
};

import { checkOption, ofType, type Rules } from '../schema/options.js';
import type { MakeQueue, QueueDiscipline, TaskQueue } from './discipline.js';
import { FirstInFirstOut } from './fifo.js';
import { checkQueueOptions, limitRule, queueRules, withinRule, type QueueOptions } from './options.js';
import { disciplineOf } from './queue-of.js';
import { leave, WaitingList, type Links, type Queued, type Waiting } from './waiting-list.js';

export interface FairOptions<T> extends QueueOptions<T> {
  /**
   * How many of a key may run at a time: an integer >= 1, or `Infinity`. One that waits to be repeated counts, too.
   * @default Infinity
   */
  readonly limit?: number | undefined;
  /** The order among those of a key; with a `rate`, each key has one of its own. @default `fifo()` */
  readonly within?: QueueDiscipline<T> | undefined;
}

const rules: Rules<FairOptions<unknown>> = { ...queueRules, limit: limitRule, within: withinRule };

/**
 * Round robin between keys, such as tenants or regions: each key that has something waiting starts one in its turn, so that a key
 * with thousands waiting holds up another by no more than one start at a time. Every step is O(1), whatever waits and however many
 * keys there are; a key with nothing left is forgotten.
 *
 * @example
 * const client = new EcsClient({ enableAsync: true, poolSize: 20, queue: fair(({ options }) => options?.tag, { limit: 5 }) });
 * client.describeInstances({}, { tag: 'tenant-a' }).subscribe();
 *
 * @param keyOf asked for each one when it begins to wait, in the async context (`AsyncLocalStorage`) of its caller; keys are
 * told apart as those of a `Map`. What it throws, the call ends in.
 * @throws ConfigurationError
 */
export function fair<T>(keyOf: (value: T) => unknown, options: FairOptions<T> = {}): QueueDiscipline<T> {
  checkOption('keyOf', keyOf, ofType('function'));
  checkQueueOptions(options, rules);
  const { limit = Infinity, within } = options;
  const make = within?.make ?? (() => new FirstInFirstOut<T>());
  return disciplineOf((wake) => new FairQueue(keyOf, limit, make, wake), options);
}

class FairQueue<T> implements TaskQueue<T> {
  size = 0;
  private readonly keys = new Map<unknown, Key<T>>();
  /** Of each that waits, or runs. */
  private readonly keysOf = new Map<Queued<unknown>, Key<T>>();
  /** The keys that may start one, the next one first. */
  private readonly turns = new WaitingList<Key<T>>();

  constructor(
    private readonly keyOf: (value: T) => unknown,
    private readonly limit: number,
    private readonly make: MakeQueue<T>,
    private readonly wake: () => void,
  ) {}

  push(task: Queued<T>): void {
    const name = this.keyOf(task.value);
    let key = this.keys.get(name);
    if (key === undefined) {
      const made = new Key<T>(name, () => this.make(() => this.awake(made)));
      key = made;
      this.keys.set(name, key);
    }
    try {
      key.tasks.push(task);
    } catch (error) {
      this.forget(key);
      throw error;
    }
    this.size++;
    this.keysOf.set(task, key);
    this.line(key);
  }

  shift(): Queued<unknown> | undefined {
    for (let key; (key = this.turns.shift());) {
      const task = key.tasks.shift();
      // Those of a key may wait for more than their turn: it comes back when it is told so.
      if (task === undefined) continue;
      this.size--;
      key.running++;
      this.line(key);
      return task;
    }
    return undefined;
  }

  remove(task: Queued<unknown>): boolean {
    const key = this.keysOf.get(task);
    if (!key?.tasks.remove(task)) return false;
    this.size--;
    this.keysOf.delete(task);
    if (key.tasks.size === 0) leave(key);
    this.forget(key);
    return true;
  }

  release(task: Queued<unknown>): void {
    const key = this.keysOf.get(task);
    if (key === undefined) return;
    this.keysOf.delete(task);
    key.running--;
    key.tasks.release?.(task);
    this.line(key);
    this.forget(key);
  }

  private awake(key: Key<T>): void {
    this.line(key);
    this.wake();
  }

  /** Gives a key its turn, after those that have one. */
  private line(key: Key<T>): void {
    if (key.list === undefined && key.tasks.size > 0 && key.running < this.limit) this.turns.push(key);
  }

  private forget(key: Key<T>): void {
    if (key.tasks.size === 0 && key.running === 0) this.keys.delete(key.name);
  }
}

class Key<T> implements Waiting {
  list: Links | undefined = undefined;
  before: this | undefined = undefined;
  after: this | undefined = undefined;
  /** How many of it have been started, and have not ended. */
  running = 0;
  readonly tasks: TaskQueue<T>;

  constructor(
    readonly name: unknown,
    make: () => TaskQueue<T>,
  ) {
    this.tasks = make();
  }
}

import {
  concat,
  distinctUntilChanged,
  ignoreElements,
  map,
  of,
  Subject,
  takeUntil,
  timer,
  type Observable,
  type Subscription,
} from 'rxjs';
import { AsyncQueueFullError, ClientError } from '../errors.js';
import { BoundedSlots } from './bounded.js';
import { isSubscriber, type Listener } from './listener.js';
import { RoutedCall } from './routed-call.js';
import { requireShutdownOptions, type ShutdownOptions } from './shutdown-options.js';
import type { Start } from './slots.js';
import { Run, Task, type Desk } from './task.js';
import { leave, WaitingList } from './waiting-list.js';

export type { ShutdownOptions };

/** The calls that were accepted and have not ended. */
export interface Remaining {
  readonly running: number;
  readonly waiting: number;
}

/** Runs at most `poolSize` calls at a time, keeps at most `maxTaskQueueSize` waiting, and refuses any other. */
export class Pool implements Desk {
  private readonly slots: BoundedSlots<Task, never>;
  /** A task is in one list at a time: of those that wait, then in this one. */
  private readonly running = new WaitingList<Task>();
  /** Those that are out of their slot, and whose owners have yet to be told, in the order in which they ended. */
  private readonly ended: Run[] = [];
  /** How many tasks were accepted and have not ended: waiting, running, or with an owner who has yet to be told. */
  private left = 0;
  private closed = false;
  private aborting = false;
  /** Tells that something has ended, once the pool is closed, and completes when nothing is left. */
  private readonly changes = new Subject<void>();
  private readonly remaining$ = concat(of(undefined), this.changes).pipe(
    map(() => this.counts),
    distinctUntilChanged(equal),
  );

  constructor(
    private readonly poolSize: number,
    private readonly maxTaskQueueSize: number,
  ) {
    this.slots = new BoundedSlots(this.start, poolSize, maxTaskQueueSize);
    this.slots.results.subscribe();
  }

  /**
   * The call, through the pool: each subscription submits it once. What the call emits is held until it has completed,
   * and then the last value is passed on; of a call with `many` values each is passed on as it comes. Unsubscribing takes
   * the call out of the queue, or unsubscribes from it.
   */
  run<T>(call: Observable<T>, many = false): Observable<T> {
    return new RoutedCall((listener) => this.submit(call, many, listener));
  }

  /** {@link run}, subscribed to. */
  submit<T>(call: Observable<T>, many: boolean, listener: Listener<T>): Subscription {
    const task = new Task(call, this, many, listener);
    if (this.closed) task.error(aborted());
    // Of an owner who had unsubscribed before, there is nothing to submit.
    else if (!task.closed) this.accept(task);
    return isSubscriber(listener) ? listener : task;
  }

  /**
   * Closes intake at once, and goes on by itself until nothing is left. The Observable tells of what is left, from its
   * last state on. However often it is called it is the same shutdown, which `mode: 'abort'` or a `timeout` hurries.
   *
   * @throws ConfigurationError
   */
  shutdown(options: ShutdownOptions = {}): Observable<Remaining> {
    requireShutdownOptions(options);
    const { mode, timeout } = options;
    if (!this.closed) {
      this.closed = true;
      this.slots.end();
      this.report();
    }
    if (mode === 'abort') this.abort();
    else if (timeout !== undefined) {
      timer(timeout)
        .pipe(takeUntil(concat(this.changes.pipe(ignoreElements()), of(0))))
        .subscribe(() => this.abort());
    }
    return this.remaining$;
  }

  /** How many calls run and wait. */
  get counts(): Remaining {
    return { running: this.running.size, waiting: this.slots.waiting.size };
  }

  /** The slot comes first, so that a call made by the owner on hearing of the end finds the place free. */
  end(run: Run): void {
    this.ended.push(run);
    leave(run.task);
    // This starts tasks that wait. They may end in it, and then their owners are told after this one.
    run.leave();
    for (let next; (next = this.ended.shift());) {
      next.tell();
      this.settle();
    }
  }

  withdraw(task: Task): void {
    if (!leave(task)) return;
    task.run?.leave();
    this.settle();
  }

  private accept(task: Task): void {
    this.left++;
    if (this.slots.admit(task) !== 'refused') return;
    this.left--;
    task.error(new AsyncQueueFullError(this.poolSize, this.maxTaskQueueSize));
  }

  /** Emits nothing into the slot: the outcome goes to the owner alone. */
  private readonly start: Start<Task, never> = (task, slot, release) => {
    this.running.push(task);
    const run = new Run(task, slot, release);
    task.run = run;
    // The calls that wait when a pool is aborted come here one after another, to be turned away.
    if (this.aborting) run.error(aborted());
    else run.start();
    this.report();
  };

  private settle(): void {
    this.left--;
    this.report();
  }

  private report(): void {
    if (!this.closed) return;
    this.changes.next();
    if (this.left === 0) this.changes.complete();
  }

  private abort(): void {
    this.aborting = true;
    for (let task; (task = this.running.shift());) task.run?.error(aborted());
  }
}

export function equal(one: Remaining, other: Remaining): boolean {
  return one.running === other.running && one.waiting === other.waiting;
}

function aborted(): ClientError {
  return new ClientError('SDK.Aborted', 'The call was cut off: the async mode was shut down before the call had ended');
}

import { List } from '#list';
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
import type { Dispatched, Dispatcher, QueueDepth } from './dispatcher.js';
import { isolate } from '../isolate.js';
import { isSubscriber, type Listener } from './listener.js';
import { requireShutdownOptions, type ShutdownOptions } from './shutdown-options.js';
import { Slots, type Start as StartInSlot } from './slots.js';
import { LeanObservable, Run, Task, type TaskOwner } from './task.js';
import { openList } from '../queues/open-list.js';
import { leave, type OpenQueue, type QueueHost, type WaitingQueue } from '../queues/waiting-list.js';

/**
 * Runs at most `poolSize` calls at a time, keeps at most `maxTaskQueueSize` waiting, and refuses any other. With a
 * `poolSize` of `Infinity` it starts every call at once, and only keeps count of them.
 */
export class Pool implements Dispatcher, TaskOwner, QueueHost<Task> {
  private readonly slots: Slots<Task, never> | undefined;
  // A task is in one of these at a time.
  private readonly waiting: WaitingQueue<Task>;
  private readonly running = new List<Task>();
  /** Those that wait to be repeated, and hold no slot. */
  private readonly paused = new List<Task>();
  /** Those that have waited, and get the next slots. */
  private readonly returning = new List<Task>();
  /** Those that are out of their slot, and whose callers have yet to be told, in the order in which they ended. */
  private readonly ended: Run[] = [];
  /** Those that had to make room, and whose callers have yet to be told. */
  private readonly evicted: Task[] = [];
  /** How many tasks were accepted and have not ended, or have a caller who has yet to be told. */
  private left = 0;
  private closed = false;
  private aborting = false;
  private suspended = false;
  /** Tells that something has ended, once the pool is closed, and completes when nothing is left. */
  private readonly changes = new Subject<void>();
  /** At once, and each time that something may have changed: what is summed up of several pools may have, where one is as before. */
  readonly changes$ = isolate(concat(of(undefined), this.changes));
  private readonly depth$ = this.changes$.pipe(
    map(() => this.depth),
    distinctUntilChanged(equal),
  );

  constructor(
    public poolSize: number,
    private maxTaskQueueSize: number,
    /** Called each time nothing is left. */
    private readonly emptied?: () => void,
    open: OpenQueue<Dispatched> = openList,
  ) {
    this.waiting = open<Task>(this);
    if (poolSize === Infinity) return;
    this.slots = new Slots(poolSize, () => this.next(), this.startIn);
    this.slots.results.subscribe();
  }

  /**
   * What the call emits as final is held until it has completed, and then the last of it is passed on; all else is passed
   * on as it comes. Unsubscribing takes the call out of the queue, or unsubscribes from it.
   */
  run<C extends Dispatched, T>(call: C, start: (call: C) => Observable<T>): Observable<T> {
    return new LeanObservable((listener) => this.submit(call, start, listener));
  }

  submit<C extends Dispatched, T>(call: C, start: (call: C) => Observable<T>, listener: Listener<T>): Subscription {
    // The task keeps call and start together.
    const task = new Task(this, call, start, listener);
    if (this.closed) task.error(aborted());
    // Of a caller who had unsubscribed before, there is nothing to submit.
    else if (!task.closed) this.accept(task);
    return isSubscriber(listener) ? listener : task;
  }

  shutdown(options: ShutdownOptions = {}): Observable<QueueDepth> {
    requireShutdownOptions(options);
    const { mode, timeout } = options;
    if (!this.closed) {
      this.closed = true;
      this.report();
    }
    if (mode === 'abort') this.abort();
    else if (timeout !== undefined) {
      timer(timeout)
        .pipe(takeUntil(concat(this.changes.pipe(ignoreElements()), of(0))))
        .subscribe(() => this.abort());
    }
    // What is to be finished has to be started, unless it is aborted before that.
    if (this.suspended) {
      this.suspended = false;
      this.wake();
    }
    return this.depth$;
  }

  /** What was accepted stays accepted: where more run, or wait, than may from now on, they become fewer by ending. */
  resize(poolSize: number, maxTaskQueueSize = this.maxTaskQueueSize): void {
    this.poolSize = poolSize;
    this.maxTaskQueueSize = maxTaskQueueSize;
    this.slots?.resize(poolSize);
  }

  /** Starts nothing for as long as it is suspended, neither calls nor repetitions. */
  suspend(suspended: boolean): void {
    this.suspended = suspended;
    this.slots?.fill();
  }

  /** The server has refused a call as one too many. */
  throttled(): void {
    this.waiting.throttled?.();
  }

  wake(): void {
    this.slots?.fillSoon();
  }

  get depth(): QueueDepth {
    return { running: this.running.size, waiting: this.waiting.size + this.paused.size + this.returning.size };
  }

  /** Whether nothing is left of what was accepted. */
  get isEmpty(): boolean {
    return this.left === 0;
  }

  /** The slot comes first, so that a call made by the caller on hearing of the end finds the place free. */
  end(run: Run): void {
    this.ended.push(run);
    leave(run.task);
    run.leave();
    this.waiting.release?.(run.task);
    // This starts tasks that wait. They may end in it, and then their callers are told after this one.
    this.release(run);
    for (let next; (next = this.ended.shift());) {
      next.tell();
      this.settle();
    }
  }

  withdraw(task: Task): void {
    if (!leave(task)) return;
    const { run } = task;
    if (run !== undefined) {
      run.leave();
      this.waiting.release?.(task);
      this.release(run, true);
    }
    this.settle();
  }

  pause(run: Run): void {
    if (!leave(run.task)) return;
    this.paused.push(run.task);
    this.release(run);
    this.report();
  }

  retake(run: Run): void {
    if (!leave(run.task)) return;
    if (this.slots === undefined && !this.aborting) return this.resume(run);
    this.returning.push(run.task);
    this.slots?.fill();
  }

  private accept(task: Task): void {
    const { running, waiting, paused, returning } = this;
    const taken = running.size + waiting.size + paused.size + returning.size;
    const isFull = taken >= this.poolSize + this.maxTaskQueueSize;
    if (isFull && (this.waiting.evict === undefined || this.waiting.size === 0)) return task.error(this.full());
    this.left++;
    if (this.slots === undefined) return this.begin(task);
    this.waiting.push(task);
    // Nobody has to go for one that was not taken in.
    const evicted = isFull && task.list ? this.waiting.evict?.(task) : undefined;
    if (this.slots.idle) this.slots.fill();
    // Whoever hears that he has lost his place finds it taken.
    if (evicted) this.tellEvicted(evicted);
  }

  /** In a loop: whoever hears of it may call again, and so take the place of the next one, and so on through all that wait. */
  private tellEvicted(task: Task): void {
    if (this.evicted.push(task) > 1) return;
    for (let next; (next = this.evicted[0]); this.evicted.shift()) this.drop(next, this.full());
  }

  private full(): AsyncQueueFullError {
    return new AsyncQueueFullError(this.poolSize, this.maxTaskQueueSize);
  }

  /** What has waited to be repeated goes before what has never run. */
  private next(): Task | undefined {
    return this.aborting || this.suspended ? undefined : (this.returning.shift() ?? this.waiting.shift());
  }

  /** Emits nothing into the slot: the outcome goes to the caller alone. */
  private readonly startIn: StartInSlot<Task, never> = (task, slot) => {
    const { run } = task;
    if (run === undefined) return this.begin(task, slot);
    run.slot = slot;
    this.resume(run);
  };

  private resume(run: Run): void {
    this.running.push(run.task);
    run.resume();
    this.report();
  }

  private begin(task: Task, slot?: Run['slot']): void {
    this.running.push(task);
    const run = new Run(task);
    run.slot = slot;
    task.run = run;
    task.call.inScope(() => run.begin());
    this.report();
  }

  /** Frees the slot of a run; `soon` after a cancel, which may be one of many. */
  private release(run: Run, soon = false): void {
    const { slots } = this;
    const { slot } = run;
    if (slots === undefined || slot === undefined) return;
    run.slot = undefined;
    slots.vacate(slot);
    if (soon && this.waiting.size + this.returning.size > 0) slots.fillSoon();
    else slots.fill();
  }

  private settle(): void {
    this.left--;
    this.report();
    if (this.left === 0) this.emptied?.();
  }

  private report(): void {
    if (!this.closed) return;
    this.changes.next();
    if (this.left > 0) return;
    this.slots?.end();
    this.changes.complete();
  }

  private abort(): void {
    this.aborting = true;
    for (const tasks of [this.running, this.paused, this.returning]) {
      for (let task; (task = tasks.shift());) task.run?.error(aborted());
    }
    for (let task; (task = this.waiting.shift(true));) this.drop(task, aborted());
  }

  drop(task: Task, error: unknown): void {
    task.call.inScope(() => task.error(error));
    this.settle();
  }
}

export function equal(one: QueueDepth, other: QueueDepth): boolean {
  return one.running === other.running && one.waiting === other.waiting;
}

function aborted(): ClientError {
  return new ClientError('SDK.Aborted', 'The call was cut off: its client was shut down before the call had ended');
}

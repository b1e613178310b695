import { distinctUntilChanged, EMPTY, last, Observable, ReplaySubject, Subject, takeUntil, timer } from 'rxjs';
import { AsyncQueueFullError, ClientError } from '../errors.js';
import { bounded } from './bounded.js';
import { requireShutdownOptions, type ShutdownOptions } from './shutdown-options.js';
import type { Start } from './slots.js';
import { Run, Task } from './task.js';
import { WaitingList } from './waiting-list.js';

export type { ShutdownOptions };

/** The calls that were accepted and have not ended. */
export interface Remaining {
  readonly running: number;
  readonly waiting: number;
}

/** Runs at most `poolSize` calls at a time, keeps at most `maxTaskQueueSize` waiting, and refuses any other. */
export class Pool {
  private readonly tasks = new Subject<Task>();
  /** A task is in one list at a time: of those that wait, then in this one. */
  private readonly running = new WaitingList<Task>();
  /** Those that are out of their slot, and whose owners have yet to be told, in the order in which they ended. */
  private readonly ended: Run[] = [];
  /** How many tasks were accepted and have not ended: waiting, running, or with an owner who has yet to be told. */
  private left = 0;
  private waiting = 0;
  private closed = false;
  private aborting = false;
  private readonly remaining = new ReplaySubject<Remaining>(1);
  private readonly remaining$ = this.remaining.pipe(distinctUntilChanged(equal));

  constructor(poolSize: number, maxTaskQueueSize: number) {
    const inSlots = bounded(this.start, {
      concurrent: poolSize,
      capacity: maxTaskQueueSize,
      overflow: ({ owner }: Task) => {
        this.left--;
        this.waiting--;
        owner.error(new AsyncQueueFullError(poolSize, maxTaskQueueSize));
        return EMPTY;
      },
    });
    this.tasks.pipe(inSlots).subscribe();
  }

  /**
   * The call, through the pool: each subscription submits it once. What the call emits is held until it has completed,
   * and then the last value is passed on; of a call with `many` values each is passed on as it comes. Unsubscribing takes
   * the call out of the queue, or unsubscribes from it.
   */
  run<T>(call: Observable<T>, many = false): Observable<T> {
    return new Observable((owner) => {
      if (this.closed) return owner.error(aborted());
      const task = new Task(call, owner, this.withdraw, many);
      owner.add(task);
      this.left++;
      this.waiting++;
      this.tasks.next(task);
    });
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
      this.tasks.complete();
      this.report();
    }
    if (mode === 'abort') this.abort();
    else if (timeout !== undefined) {
      timer(timeout)
        .pipe(takeUntil(this.remaining.pipe(last())))
        .subscribe(() => this.abort());
    }
    return this.remaining$;
  }

  /** Emits nothing into the slot: the outcome goes to the owner alone. */
  private readonly start: Start<Task, never> = (task, slot, release) => {
    this.waiting--;
    this.running.push(task);
    const run = new Run(task, slot, release, this.end);
    task.run = run;
    // The calls that wait when a pool is aborted come here one after another, to be turned away.
    if (this.aborting) run.error(aborted());
    else run.start();
    this.report();
  };

  /** The slot comes first, so that a call made by the owner on hearing of the end finds the place free. */
  private readonly end = (run: Run): void => {
    this.ended.push(run);
    run.task.remove();
    // This starts tasks that wait. They may end in it, and then their owners are told after this one.
    run.leave();
    for (let next; (next = this.ended.shift());) {
      next.tell();
      this.settle();
    }
  };

  /** Comes when the owner unsubscribes, and in vain when the owner was told. */
  private readonly withdraw = (task: Task): void => {
    if (!task.remove()) return;
    if (task.run) task.run.leave();
    else this.waiting--;
    this.settle();
  };

  private settle(): void {
    this.left--;
    this.report();
  }

  private report(): void {
    if (!this.closed) return;
    this.remaining.next({ running: this.running.size, waiting: this.waiting });
    if (this.left === 0) this.remaining.complete();
  }

  private abort(): void {
    this.aborting = true;
    for (let task; (task = this.running.shift());) task.run?.error(aborted());
  }
}

function equal(one: Remaining, other: Remaining): boolean {
  return one.running === other.running && one.waiting === other.waiting;
}

function aborted(): ClientError {
  return new ClientError('SDK.Aborted', 'The call was cut off: the async mode was shut down before the call had ended');
}

import { EMPTY, last, Observable, ReplaySubject, Subject, takeUntil, timer } from 'rxjs';
import { AsyncQueueFullError, ClientError } from '../errors.js';
import { bounded } from './bounded.js';
import { requireShutdownOptions, type ShutdownOptions } from './shutdown-options.js';
import type { Start } from './slots.js';
import { Run, Task } from './task.js';

export type { ShutdownOptions };

/** The calls that were accepted and have not ended. */
export interface Remaining {
  readonly running: number;
  readonly waiting: number;
}

/** Runs at most `poolSize` calls at a time, keeps at most `maxTaskQueueSize` waiting, and refuses any other. */
export class Pool {
  private readonly tasks = new Subject<Task>();
  private readonly running = new Set<Run>();
  /** Those that are out of their slot, and whose owners have yet to be told, in the order in which they ended. */
  private readonly ended: Run[] = [];
  /** How many tasks were accepted and have not ended: waiting, running, or with an owner who has yet to be told. */
  private left = 0;
  private waiting = 0;
  private closed = false;
  private aborting = false;
  private readonly remaining = new ReplaySubject<Remaining>(1);
  private readonly remaining$ = this.remaining.asObservable();

  constructor(poolSize: number, maxTaskQueueSize: number) {
    const inSlots = bounded(this.start, {
      concurrent: poolSize,
      capacity: maxTaskQueueSize,
      overflow: ({ owner }: Task) => {
        owner.error(new AsyncQueueFullError(poolSize, maxTaskQueueSize));
        return EMPTY;
      },
      queued: (task, place) => {
        task.place = place;
        this.left++;
        this.waiting++;
      },
    });
    this.tasks.pipe(inSlots).subscribe();
  }

  /**
   * The call, through the pool: each subscription submits it once. What the call emits is held until it has completed,
   * and then the last value is passed on. Unsubscribing takes the call out of the queue, or unsubscribes from it.
   */
  run<T>(call: Observable<T>): Observable<T> {
    return new Observable((owner) => {
      if (this.closed) return owner.error(aborted());
      const task = new Task(call, owner, this.withdraw);
      owner.add(task);
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

  private readonly start: Start<Task, never> = (task, slot, release) => {
    if (task.place) this.waiting--;
    else this.left++;
    const run = new Run(task, slot, release, this.end);
    task.run = run;
    this.running.add(run);
    // The calls that wait when a pool is aborted come here one after another, to be turned away.
    if (this.aborting) run.error(aborted());
    else run.start();
  };

  /** The slot comes first, so that a call made by the owner on hearing of the end finds the place free. */
  private readonly end = (run: Run): void => {
    this.running.delete(run);
    this.ended.push(run);
    // This starts tasks that wait. They may end in it, and then their owners are told after this one.
    run.leave();
    for (let next; (next = this.ended.shift());) {
      next.tell();
      this.settle();
    }
  };

  /** Comes when the owner unsubscribes, and when the owner has been told. */
  private readonly withdraw = (task: Task): void => {
    const { place, run } = task;
    // The old object would keep the young one from being collected young.
    task.run = undefined;
    if (place?.remove()) this.waiting--;
    else if (run && this.running.delete(run)) run.leave();
    else return;
    this.settle();
  };

  private settle(): void {
    this.left--;
    if (this.closed) this.report();
  }

  private report(): void {
    this.remaining.next({ running: this.left - this.waiting, waiting: this.waiting });
    if (this.left === 0) this.remaining.complete();
  }

  private abort(): void {
    this.aborting = true;
    for (const run of [...this.running]) run.error(aborted());
  }
}

function aborted(): ClientError {
  return new ClientError('SDK.Aborted', 'The call was cut off: the async mode was shut down before the call had ended');
}

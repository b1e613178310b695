/**
 * What RxJS makes of an observer is several objects for each call, and a million calls may be waiting. So the Observable
 * that is submitted, its subscription and the observer of its run are written by hand, in this file alone: with those of
 * RxJS in their place a waiting call takes three times the memory. `npm run bench -- --only pool` measures it.
 */
import { Observable, Subscriber, Subscription } from 'rxjs';
import { callSafely } from '../unhandled-error.js';
import type { Dispatched, Slot } from './dispatcher.js';
import { isSubscriber, tellComplete, tellError, tellNext, type Listener } from './listener.js';
import type { Links, Queued } from '../queues/waiting-list.js';

/** An Observable that hands its listener on as it is. */
export class LeanObservable<T> extends Observable<T> {
  constructor(private readonly submit: (listener: Listener<T>) => Subscription) {
    super();
  }

  override subscribe(
    listener?: Listener<T>,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    return this.submit(error || complete ? observerOf(listener, error, complete) : listener);
  }
}

/** Of the older form, three functions of which any may be missing. */
function observerOf<T>(
  next: Listener<T>,
  error: ((error: unknown) => void) | null | undefined,
  complete: (() => void) | null | undefined,
): Listener<T> {
  return {
    ...(typeof next === 'function' ? { next } : {}),
    ...(error ? { error } : {}),
    ...(complete ? { complete } : {}),
  };
}

/** Makes the call of a task. It takes the call that the task has, whose type only the two of them know. */
export type Start = (call: never) => Observable<unknown>;

/** What a task needs of its pool. */
export interface TaskOwner {
  /** Comes when whoever made the call unsubscribes, and in vain when he was told of its end. */
  withdraw(task: Task): void;
  /** Comes once, when the call has ended, by itself or by an error; not when it was left. */
  end(run: Run): void;
  /** Gives the slot back, to be taken again by {@link retake}. */
  pause(run: Run): void;
  /** Calls `run.resume()` when it has a slot again. */
  retake(run: Run): void;
}

/** A call that was submitted, and its caller's subscription. */
export class Task extends Subscription implements Queued<Dispatched> {
  list: Links | undefined = undefined;
  at = 0;
  // No list that it is in links it.
  declare before: this | undefined;
  declare after: this | undefined;
  /** Set from its start to its end. */
  run: Run | undefined = undefined;
  private listener: Listener<never>;

  constructor(
    readonly pool: TaskOwner,
    public call: Dispatched,
    readonly start: Start,
    listener: Listener<never>,
  ) {
    super();
    this.listener = listener;
    if (isSubscriber(listener)) listener.add(this);
  }

  /** What a queue knows of it. */
  get value(): Dispatched {
    return this.call;
  }

  next(value: unknown): void {
    // Listeners to values of any type are kept as to none, so that a pool's tasks are of one type.
    if (!this.closed) tellNext(this.listener as Listener<unknown>, value);
  }

  error(error: unknown): void {
    if (this.closed) return;
    tellError(this.listener, this.call.describeError(error));
    unsubscribeSafely(this);
  }

  complete(): void {
    if (this.closed) return;
    tellComplete(this.listener);
    unsubscribeSafely(this);
  }

  override unsubscribe(): void {
    if (this.closed) return;
    try {
      super.unsubscribe();
    } finally {
      this.pool.withdraw(this);
      // The subscription may be kept for long.
      this.listener = undefined;
      this.call = ended;
    }
  }
}

/** A task that runs: it keeps the call's outcome until {@link Run.tell}. */
export class Run extends Subscriber<unknown> implements Slot {
  /** The inner Observable of the pool's `mergeMap` that it runs in; none while it waits to be repeated, or in no pool. */
  slot: Subscriber<never> | undefined = undefined;
  /** Goes on after a wait, now that there is a slot again. */
  resume: () => void = nothingToDo;
  private kept: unknown = nothing;
  private failure: unknown = nothing;

  constructor(readonly task: Task) {
    super();
  }

  begin(): void {
    const { call, start } = this.task;
    call.slot = this;
    try {
      start(call as never).subscribe(this);
    } catch (error) {
      this.error(error);
    }
  }

  leaveDuring<W>(wait$: Observable<W>): Observable<W> {
    return new Observable((subscriber) => {
      const { pool } = this.task;
      let last: W | typeof nothing = nothing;
      pool.pause(this);
      this.resume = () => {
        this.resume = nothingToDo;
        this.task.call.inScope(() => {
          if (last !== nothing) subscriber.next(last);
          subscriber.complete();
        });
      };
      return wait$.subscribe({
        next: (value) => (last = value),
        error: (error: unknown) => this.task.call.inScope(() => subscriber.error(error)),
        complete: () => {
          if (!subscriber.closed) pool.retake(this);
        },
      });
    });
  }

  /** Finalises the call. */
  leave(): void {
    // The task may have reached the garbage collector's old generation, and would keep this alive with it.
    this.task.run = undefined;
    unsubscribeSafely(this);
  }

  /** Tells the caller how the call ended. */
  tell(): void {
    const { task, kept, failure } = this;
    // The same of the response.
    this.kept = nothing;
    if (task.closed) return;
    task.call.inScope(() => {
      if (failure !== nothing) return task.error(failure);
      if (kept !== nothing) task.next(kept);
      task.complete();
    });
  }

  protected override _next(value: unknown): void {
    if (this.task.call.isFinal(value)) this.kept = value;
    else this.task.call.inScope(() => this.task.next(value));
  }

  protected override _error(error: unknown): void {
    this.failure = error;
    this.task.pool.end(this);
  }

  protected override _complete(): void {
    this.task.pool.end(this);
  }
}

/** What finalisers throw is nobody's to handle. */
function unsubscribeSafely(subscription: Subscription): void {
  callSafely(() => subscription.unsubscribe());
}

/** In the place of a call that has ended. */
const ended: Dispatched = {
  inScope: (work) => work(),
  slot: undefined,
  isFinal: () => true,
  describeError: (error) => error,
};

/** A value may be anything, `undefined` too. */
const nothing = Symbol('nothing');
const nothingToDo = (): void => undefined;

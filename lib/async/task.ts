import { Subscriber, Subscription, type Observable } from 'rxjs';
import { isSubscriber, report, tellComplete, tellError, tellNext, type Listener } from './listener.js';
import type { Waiting, WaitingList } from './waiting-list.js';

/** What a task needs of its pool. */
export interface Desk {
  /** Comes when the owner unsubscribes, and in vain when the owner was told. */
  withdraw(task: Task): void;
  /** Comes once, when the call has ended, by itself or by an error; not when it was left. */
  end(run: Run): void;
}

/**
 * A call that was submitted. It is its owner's subscription, too: a million may be waiting, and each is one object.
 *
 * Written by hand, as what `Observable` makes of an observer takes three times the memory, and a task would come on top.
 */
export class Task<T = unknown> extends Subscription implements Waiting {
  list: WaitingList<Task> | undefined = undefined;
  before: this | undefined = undefined;
  after: this | undefined = undefined;
  /** Set while the call runs. */
  run: Run<T> | undefined = undefined;
  private owner: Listener<never>;

  constructor(
    /** Forgotten when it is started, as the owner is in the end: the subscription may be kept. */
    public call: Observable<T> | undefined,
    readonly desk: Desk,
    /** Whether the call emits many values, each of which is passed on as it comes. */
    readonly many: boolean,
    owner: Listener<T>,
  ) {
    super();
    this.owner = owner;
    if (isSubscriber(owner)) owner.add(this);
  }

  next(value: T): void {
    // An owner of values of any type is kept as one of none, so that a pool's tasks are of one type.
    if (!this.closed) tellNext(this.owner as Listener<T>, value);
  }

  error(error: unknown): void {
    if (this.closed) return;
    tellError(this.owner, error);
    this.unsubscribe();
  }

  complete(): void {
    if (this.closed) return;
    tellComplete(this.owner);
    this.unsubscribe();
  }

  override unsubscribe(): void {
    if (this.closed) return;
    this.call = undefined;
    this.owner = undefined;
    try {
      super.unsubscribe();
    } finally {
      this.desk.withdraw(this);
    }
  }
}

/**
 * A task that is being run. It keeps the call's outcome until {@link Run.tell}.
 *
 * Written by hand, since it must be possible to stop a call that is still inside a synchronous `subscribe`, and because
 * an observer with its closures would be a good part of what a task costs.
 */
export class Run<T = unknown> extends Subscriber<T> {
  private held: T | typeof nothing = nothing;
  private failure: unknown = nothing;

  constructor(
    readonly task: Task<T>,
    private readonly slot: Subscriber<never>,
    private readonly release: (slot: Subscriber<never>) => void,
  ) {
    super();
  }

  start(): void {
    const { call } = this.task;
    this.task.call = undefined;
    try {
      call?.subscribe(this);
    } catch (error) {
      this.error(error);
    }
  }

  /** Finalises the call and frees the slot. */
  leave(): void {
    // The task has got old in waiting, and would keep what is young from being collected as such.
    this.task.run = undefined;
    try {
      this.unsubscribe();
    } catch (error) {
      // Nobody's to handle, so that it is reported as RxJS reports those.
      report(error);
    }
    this.release(this.slot);
  }

  /** Tells the owner how the call ended. */
  tell(): void {
    const { task, held } = this;
    if (this.failure !== nothing) return task.error(this.failure);
    // It has got old while the call ran, and would keep a response that is young from being collected as such.
    this.held = nothing;
    if (held !== nothing) task.next(held);
    task.complete();
  }

  protected override _next(value: T): void {
    if (this.task.many) this.task.next(value);
    else this.held = value;
  }

  protected override _error(error: unknown): void {
    this.failure = error;
    this.task.desk.end(this);
  }

  protected override _complete(): void {
    this.task.desk.end(this);
  }
}

/** A value may be anything, `undefined` too. */
const nothing = Symbol('nothing');

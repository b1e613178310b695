import { Subscriber, throwError, type Observable, type Unsubscribable } from 'rxjs';
import { Waiting } from './waiting-list.js';

/**
 * A call that was submitted. It is the finaliser of its owner's subscription, too, and so tells when the owner
 * unsubscribes: a million may be waiting, and each is one object.
 */
export class Task<T = unknown> extends Waiting implements Unsubscribable {
  /** Set when it is started. */
  run: Run<T> | undefined = undefined;

  constructor(
    readonly call: Observable<T>,
    readonly owner: Subscriber<T>,
    private readonly withdraw: (task: Task) => void,
    /** Whether the call emits many values, each of which is passed on as it comes. */
    readonly many = false,
  ) {
    super();
  }

  unsubscribe(): void {
    this.withdraw(this);
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
    /** Called once, when the call has ended, by itself or by `error`; not when it was left. */
    private readonly ended: (run: Run) => void,
  ) {
    super();
  }

  start(): void {
    try {
      this.task.call.subscribe(this);
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
      throwError(() => error).subscribe();
    }
    this.release(this.slot);
  }

  /** Tells the owner how the call ended. */
  tell(): void {
    const { owner } = this.task;
    if (this.failure !== nothing) return owner.error(this.failure);
    if (this.held !== nothing) owner.next(this.held);
    owner.complete();
  }

  protected override _next(value: T): void {
    if (this.task.many) this.task.owner.next(value);
    else this.held = value;
  }

  protected override _error(error: unknown): void {
    this.failure = error;
    this.ended(this);
  }

  protected override _complete(): void {
    this.ended(this);
  }
}

/** A value may be anything, `undefined` too. */
const nothing = Symbol('nothing');

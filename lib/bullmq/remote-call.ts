import { randomUUID } from 'node:crypto';
import { Subscription } from 'rxjs';
import { isSubscriber, tellComplete, tellError, tellNext, type Listener } from '../async/listener.js';
import type { HttpEvent } from '../http-event.js';
import type { CallContext } from '../pipeline/call-context.js';
import { callSafely } from '../unhandled-error.js';
import type { JobDraft } from './write-job.js';

/** `admitting`: it waits for its place; `adding`: it is on its way into the queue, and may be in it; then as its job is. */
export type RemoteState = 'admitting' | 'adding' | 'waiting' | 'running';

/** What a remote call needs of its pool. */
export interface RemoteCallOwner {
  /** Comes when whoever made the call unsubscribes, and in vain when he was told of its end. */
  withdraw(call: RemoteCall): void;
}

/** A call that another process makes, and its caller's subscription: one object, as a million may be waiting. */
export class RemoteCall extends Subscription {
  readonly jobId: string = randomUUID();
  state: RemoteState = 'admitting';
  /** Of the Redis that it is, or may be, in. */
  runId = '';
  private listener: Listener<never>;

  constructor(
    private readonly owner: RemoteCallOwner,
    readonly call: CallContext,
    listener: Listener<never>,
    /** None where it was refused. */
    readonly job?: JobDraft,
  ) {
    super();
    this.listener = listener;
    if (isSubscriber(listener)) listener.add(this);
  }

  /** Tells the caller of the answer, which is the end of the call. */
  answer(response: HttpEvent): void {
    this.call.inScope(() => {
      // Listeners to values of any type are kept as to none, so that a pool's calls are of one type.
      if (!this.closed) tellNext(this.listener as Listener<unknown>, response);
      if (!this.closed) tellComplete(this.listener);
      callSafely(() => this.unsubscribe());
    });
  }

  error(error: unknown): void {
    if (this.closed) return;
    this.call.inScope(() => {
      tellError(this.listener, this.call.describeError(error));
      callSafely(() => this.unsubscribe());
    });
  }

  override unsubscribe(): void {
    if (this.closed) return;
    try {
      super.unsubscribe();
    } finally {
      this.owner.withdraw(this);
      // The subscription may be kept for long.
      this.listener = undefined;
    }
  }
}

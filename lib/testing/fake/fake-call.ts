import type { AlicloudError } from '../../errors.js';

/** A call that a fake was asked for: one subscription. */
export interface FakeCall<Name = string, Request = unknown> {
  /** The client's method, or the action of an operation that is none of its product. */
  readonly operation: Name;
  readonly request: Request;
  /** How it ended; `pending` until then, be it running or waiting in the queue. */
  readonly outcome: 'pending' | 'completed' | 'errored' | 'unsubscribed';
  /** What it ended in, where it errored. */
  readonly error?: AlicloudError | undefined;
}

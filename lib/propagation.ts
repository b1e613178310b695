import type { Observable } from 'rxjs';
import type { CallRequest } from './interceptor.js';

/** A call on its way through a queue. */
export interface QueuedMessage {
  /** Such as `bullmq`. */
  readonly system: string;
  readonly queueName: string;
  readonly jobId: string;
  /** What is called. A producer knows it as interceptors passed it on, a worker as it makes it. */
  readonly call: CallRequest;
}

/** What travels of a call's context, such as `traceparent`: names and texts. */
export type TravellingContext = Record<string, string>;

/**
 * Takes the context of a call, such as its trace, through a queue. `contextPropagation()` of `rx-alicloud/opentelemetry` makes
 * one. What it throws harms no call.
 */
export interface ContextPropagation {
  /**
   * A call is being put into a queue: writes what travels with it into `carrier`. What it returns is called once, when the call is
   * in the queue, or with the error where it could not be put there.
   */
  inject(carrier: TravellingContext, message: QueuedMessage): ((error?: unknown) => void) | void;
  /** A worker has the call in hand: makes what `run` does, each time it is subscribed to, a part of the context in `carrier`. */
  extract<T>(carrier: Readonly<TravellingContext>, message: QueuedMessage, run: () => Observable<T>): Observable<T>;
}

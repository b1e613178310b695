import type { Observer, Subscription } from 'rxjs';
import { callSafely, reportUnhandled } from '../unhandled-error.js';

/** What `subscribe` takes. */
export type Listener<T> = Partial<Observer<T>> | ((value: T) => void) | null | undefined;

export function tellNext<T>(listener: Listener<T>, value: T): void {
  callSafely(() => (typeof listener === 'function' ? listener(value) : listener?.next?.(value)));
}

export function tellError<T>(listener: Listener<T>, error: unknown): void {
  if (typeof listener === 'function' || !listener?.error) return reportUnhandled(error);
  callSafely(() => listener.error?.(error));
}

export function tellComplete<T>(listener: Listener<T>): void {
  if (typeof listener !== 'function') callSafely(() => listener?.complete?.());
}

/** Whether it is a Subscriber, of whichever copy of RxJS: it takes finalisers. */
export function isSubscriber<T>(listener: Listener<T>): listener is Observer<T> & Subscription {
  return typeof listener === 'object' && listener !== null && 'closed' in listener && 'add' in listener;
}

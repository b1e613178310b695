import type { Observer, Subscription } from 'rxjs';
import { reportUnhandled } from '../unhandled-error.js';

/** What `subscribe` takes. */
export type Listener<T> = Partial<Observer<T>> | ((value: T) => void) | null | undefined;

export function tellNext<T>(listener: Listener<T>, value: T): void {
  try {
    if (typeof listener === 'function') listener(value);
    else listener?.next?.(value);
  } catch (error) {
    reportUnhandled(error);
  }
}

export function tellError<T>(listener: Listener<T>, error: unknown): void {
  if (typeof listener === 'function' || !listener?.error) return reportUnhandled(error);
  try {
    listener.error(error);
  } catch (failure) {
    reportUnhandled(failure);
  }
}

export function tellComplete<T>(listener: Listener<T>): void {
  try {
    if (typeof listener !== 'function') listener?.complete?.();
  } catch (error) {
    reportUnhandled(error);
  }
}

/** Whether it is a Subscriber, of whichever copy of RxJS: it takes finalisers. */
export function isSubscriber<T>(listener: Listener<T>): listener is Observer<T> & Subscription {
  return typeof listener === 'object' && listener !== null && 'closed' in listener && 'add' in listener;
}

import { throwError, type Observer, type Subscription } from 'rxjs';

/** What `subscribe` takes. */
export type Listener<T> = Partial<Observer<T>> | ((value: T) => void) | null | undefined;

/** Tells a listener; what it throws is reported as RxJS reports unhandled errors. */
export function tellNext<T>(listener: Listener<T>, value: T): void {
  try {
    if (typeof listener === 'function') listener(value);
    else listener?.next?.(value);
  } catch (error) {
    report(error);
  }
}

export function tellError<T>(listener: Listener<T>, error: unknown): void {
  if (typeof listener === 'function' || !listener?.error) return report(error);
  try {
    listener.error(error);
  } catch (problem) {
    report(problem);
  }
}

export function tellComplete<T>(listener: Listener<T>): void {
  if (typeof listener === 'function') return;
  try {
    listener?.complete?.();
  } catch (error) {
    report(error);
  }
}

/** Whether it is a Subscriber, of whichever copy of RxJS: it takes finalisers. */
export function isSubscriber<T>(listener: Listener<T>): listener is Observer<T> & Subscription {
  return typeof listener === 'object' && listener !== null && 'closed' in listener && 'add' in listener;
}

/** Nobody's to handle. */
export function report(error: unknown): void {
  throwError(() => error).subscribe();
}

import { Observable, type Subscription } from 'rxjs';
import type { Listener } from './listener.js';

/**
 * An Observable that says itself what each subscription is, where others make one of their own and call a function with
 * it: of a million calls that wait, that is most of the memory.
 */
export abstract class LeanObservable<T> extends Observable<T> {
  protected abstract submit(listener: Listener<T>): Subscription;

  override subscribe(
    listener?: Listener<T>,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    return this.submit(error || complete ? observerOf(listener, error, complete) : listener);
  }
}

/** One that leaves it to a function. */
export class RoutedCall<T> extends LeanObservable<T> {
  constructor(private readonly hand: (listener: Listener<T>) => Subscription) {
    super();
  }

  protected override submit(listener: Listener<T>): Subscription {
    return this.hand(listener);
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

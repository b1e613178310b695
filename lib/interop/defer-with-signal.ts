import { defer, finalize, from, tap, type Observable, type ObservableInput, type ObservedValueOf } from 'rxjs';
import { checkOption, ofType } from '../schema/options.js';

/**
 * `defer` whose factory is given an `AbortSignal`, for what is cancelled by one. Each subscription has a signal of its own: it
 * is aborted when the subscription is unsubscribed from, or errors, and stays as it is where it completes.
 *
 * @example
 * const page$ = deferWithSignal((signal) => fetch('https://example.com', { signal }).then((answer) => answer.text()));
 * const subscription = page$.subscribe();
 * subscription.unsubscribe(); // the request is aborted
 *
 * @throws ConfigurationError at once, where `factory` is no function
 * @see takeUntilAborted, for the other direction
 */
export function deferWithSignal<O extends ObservableInput<unknown>>(
  factory: (signal: AbortSignal) => O,
): Observable<ObservedValueOf<O>> {
  checkOption('factory', factory, ofType('function'));
  return defer(() => {
    const controller = new AbortController();
    let isComplete = false;
    // A factory that throws may have begun something before.
    return defer(() => from(factory(controller.signal))).pipe(
      tap({ complete: () => (isComplete = true) }),
      finalize(() => {
        if (!isComplete) controller.abort();
      }),
    );
  });
}

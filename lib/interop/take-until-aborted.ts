import { mergeMap, takeUntil, throwError, type MonoTypeOperatorFunction } from 'rxjs';
import { AbortError } from './abort-error.js';
import { fromAbortSignal } from './from-abort-signal.js';

/**
 * Unsubscribes from the source when the signal is aborted, and errors with an {@link AbortError}: of a call, the request is
 * aborted. Where the signal is aborted already, the source is not subscribed to. The listener is removed when the source
 * ends or is unsubscribed from, so that one signal may outlive any number of calls.
 *
 * @example
 * const controller = new AbortController();
 * firstValueFrom(client.describeRegions({}).pipe(takeUntilAborted(controller.signal))).catch((error) => {
 *   console.log(error.name, error.cause); // AbortError, and what `abort` was given
 * });
 * controller.abort(new Error('nobody needs it any more'));
 *
 * @throws ConfigurationError at once, where it is no signal
 * @see fromAbortSignal, to complete instead
 * @see deferWithSignal, for the other direction
 */
export function takeUntilAborted<T>(signal: AbortSignal): MonoTypeOperatorFunction<T> {
  const aborted$ = fromAbortSignal(signal).pipe(mergeMap((reason) => throwError(() => new AbortError(reason))));
  return takeUntil(aborted$);
}

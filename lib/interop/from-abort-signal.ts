import { Observable } from 'rxjs';
import { checkSignal } from './check-signal.js';

/**
 * Emits the signal's reason when it is aborted, at once where it is already, and completes. Until then it listens to the
 * signal; whoever unsubscribes leaves no listener behind.
 *
 * @example
 * const controller = new AbortController();
 * // Completes where `takeUntilAborted` would error.
 * client.describeRegions({}).pipe(takeUntil(fromAbortSignal(controller.signal))).subscribe();
 *
 * @throws ConfigurationError at once, where it is no signal
 * @see takeUntilAborted
 */
export function fromAbortSignal(signal: AbortSignal): Observable<unknown> {
  checkSignal(signal);
  return new Observable((subscriber) => {
    const tell = (): void => {
      subscriber.next(signal.reason);
      subscriber.complete();
    };
    if (signal.aborted) return tell();
    signal.addEventListener('abort', tell);
    return () => signal.removeEventListener('abort', tell);
  });
}

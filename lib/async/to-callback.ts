import { map, mergeMap, of, tap, type Observable } from 'rxjs';
import type { AlicloudError } from '../errors.js';
import { Channel } from './channel.js';
import { outcomeOf } from './outcome.js';

/**
 * Starts the call at once. The callback is called exactly once, never before this function has returned. Then the
 * channel yields 1 after a success, 0 after a failure, and closes.
 */
export function toCallback<T>(
  call: Observable<T>,
  callback: (response: T | undefined, error: AlicloudError | undefined) => void,
): Channel<0 | 1> {
  let returned = false;
  const blocker = new Channel(
    outcomeOf(call).pipe(
      mergeMap((outcome) => (returned ? of(outcome) : Promise.resolve(outcome))),
      // In a `subscribe` of its own, a callback that throws is reported as RxJS reports unhandled errors.
      tap((outcome) => of(outcome).subscribe(({ value, error }) => callback(value, error))),
      map(({ ok }) => (ok ? 1 : 0)),
    ),
  );
  returned = true;
  return blocker;
}

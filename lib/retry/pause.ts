import { switchMap, timer, type Observable } from 'rxjs';
import { longestTimeout } from '../schema/options.js';

/** Emits once after so many milliseconds, however many. Unsubscribing takes the timer away. */
export function pause(wait: number): Observable<0> {
  return wait <= longestTimeout
    ? timer(wait)
    : timer(longestTimeout).pipe(switchMap(() => pause(wait - longestTimeout)));
}

import { asyncScheduler, switchMap, timer, type Observable, type SchedulerLike } from 'rxjs';
import { longestTimeout } from '../schema/options.js';

/** Emits once after so many milliseconds, however many. Unsubscribing takes the timer away. */
export function pause(wait: number, scheduler: SchedulerLike = asyncScheduler): Observable<0> {
  return wait <= longestTimeout
    ? timer(wait, scheduler)
    : timer(longestTimeout, scheduler).pipe(switchMap(() => pause(wait - longestTimeout, scheduler)));
}

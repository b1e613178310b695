import { asyncScheduler, type SchedulerLike } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';

/** The time of a scheduler, for differences: that of the machine never goes back, whatever its clock is set to meanwhile. */
export function clockOf(scheduler: SchedulerLike): () => number {
  return scheduler === asyncScheduler ? monotonicNow : () => scheduler.now();
}

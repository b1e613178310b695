/** Tells the client's listeners of the call as a whole, from its subscription to its end. */
import { defer, EMPTY, merge, tap } from 'rxjs';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function callEvents({ reporter }: Runtime): Stage {
  return (next) => (call) => {
    if (!reporter.observed) return next(call);
    const queued$ = defer(() => {
      if (!call.started) reporter.queued(call);
      return EMPTY;
    });
    return merge(next(call), queued$).pipe(
      tap({
        complete: () => reporter.finished(call),
        error: (error: unknown) => reporter.failed(call, call.describeError(error)),
        // Whoever takes the response and no more has cancelled nothing.
        unsubscribe: () => (call.timeline.whole ? reporter.finished(call) : reporter.cancelled(call)),
      }),
    );
  };
}

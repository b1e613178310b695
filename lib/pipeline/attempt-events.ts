/** Tells the client's listeners that a request is being sent. What becomes of it is told where that is decided. */
import { catchError, EMPTY, of, switchMap } from 'rxjs';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function attemptEvents({ reporter, lazyFeatures }: Runtime): Stage {
  return (next) => (call) => {
    if (!reporter.observed) return next(call);
    return lazyFeatures.features$.pipe(
      // Nobody can be told then, and the call goes on.
      catchError(() => of(undefined)),
      switchMap((features) => {
        features?.tellAttempt(reporter, call);
        // A listener may have ended it: then nothing is sent.
        return call.closed ? EMPTY : next(call);
      }),
    );
  };
}

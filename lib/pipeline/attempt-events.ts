/** Tells the client's listeners that a request is being sent. What becomes of it is told where that is decided. */
import { EMPTY } from 'rxjs';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function attemptEvents({ reporter }: Runtime): Stage {
  return (next) => (call) => {
    reporter.attempt(call);
    // A listener may have ended it: then nothing is sent.
    return call.closed ? EMPTY : next(call);
  };
}

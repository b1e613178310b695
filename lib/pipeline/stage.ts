import type { Observable } from 'rxjs';
import type { HttpEvent } from '../http-event.js';
import type { CallContext } from './call-context.js';

/** Makes a call, or what is left to do of it: cold. */
export type Handler = (call: CallContext) => Observable<HttpEvent>;

/** Stands around what comes after it. With nothing to do for a call, it gives what `next` gives. */
export type Stage = (next: Handler) => Handler;

/** The first of them is the outermost. */
export function compose(stages: readonly Stage[], last: Handler): Handler {
  return stages.reduceRight((next, stage) => stage(next), last);
}

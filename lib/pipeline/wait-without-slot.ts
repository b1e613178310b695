import type { Observable } from 'rxjs';
import type { CallContext } from './call-context.js';

/** Waits, and leaves the call's slot of the pool to others meanwhile. Emits the last value when it has one again. */
export function waitWithoutSlot<W>({ slot }: CallContext, wait$: Observable<W>): Observable<W> {
  return slot === undefined ? wait$ : slot.leaveDuring(wait$);
}

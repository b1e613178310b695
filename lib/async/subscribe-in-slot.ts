import { from, Observable, type ObservableInput, type ObservedValueOf } from 'rxjs';
import type { Start } from './slots.js';

/**
 * Starts each value as `mergeMap` does: what its inner Observable emits goes to the results, and so does its error. It is
 * closed with its slot, even while it is still inside a synchronous `subscribe`, and finalised before the slot is filled again.
 */
export function subscribeInSlot<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
): Start<T, ObservedValueOf<O>> {
  return (value, slot, release, index) => {
    let completed = false;
    // What `project` gives is subscribed to with the Subscriber of this one, which can be closed from the beginning.
    const inner$ = new Observable<ObservedValueOf<O>>((inner) => {
      slot.add(inner);
      // `ObservableInput<unknown>` says no more of its values than that.
      from(project(value, index) as ObservableInput<ObservedValueOf<O>>).subscribe(inner);
      // After its own finalisers.
      inner.add(() => {
        slot.remove(inner);
        if (completed) release(slot);
      });
    });
    inner$.subscribe({
      next: (result) => slot.next(result),
      error: (error: unknown) => slot.error(error),
      complete: () => (completed = true),
    });
  };
}

import { from, Subscriber, type ObservableInput, type ObservedValueOf } from 'rxjs';
import type { Start } from './slots.js';

/** Starts each value as `mergeMap` does: what its inner Observable emits goes to the results, and so does its error. */
export function subscribeInSlot<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
): Start<T, ObservedValueOf<O>> {
  return (value, slot, release, index) => {
    from(project(value, index)).subscribe(new SlotSubscriber(slot, release));
  };
}

/**
 * Written by hand: an inner Observable has to be closed with its slot even while it is still inside a synchronous
 * `subscribe`, and has to be finalised, as with `mergeMap`, before the slot is filled again. No operator does both.
 */
class SlotSubscriber<R> extends Subscriber<R> {
  constructor(
    private readonly slot: Subscriber<R>,
    private readonly release: (slot: Subscriber<R>) => void,
  ) {
    super(slot);
  }

  protected override _complete(): void {
    try {
      this.unsubscribe();
    } finally {
      this.release(this.slot);
    }
  }
}

import { filter, merge, mergeMap, Observable, tap, type ObservableInput, type OperatorFunction } from 'rxjs';
import { Slots, type Start } from './slots.js';
import { WaitingList, type Waiting } from './waiting-list.js';

export interface Bounds<W, R> {
  readonly concurrent: number;
  readonly capacity: number;
  readonly overflow: (value: W) => ObservableInput<R>;
  /** Told of what has to wait. */
  readonly queued?: ((value: W) => void) | undefined;
}

/** A bounded waiting list in front of slots: what `boundedMergeMap` and the pool have in common. */
export function bounded<W extends Waiting, R, R2>(
  start: Start<W, R>,
  { concurrent, capacity, overflow, queued }: Bounds<W, R2>,
): OperatorFunction<W, R | R2> {
  return (source) =>
    new Observable((subscriber) => {
      const waiting = new WaitingList<W>();
      const slots = new Slots(concurrent, () => waiting.shift(), start);
      subscriber.add(() => waiting.clear());

      const admitted = (value: W): boolean => {
        if (slots.running + waiting.size >= concurrent + capacity) return false;
        const { idle } = slots;
        waiting.push(value);
        if (idle) slots.fill();
        else queued?.(value);
        return true;
      };

      const refused = source.pipe(
        filter((value) => !admitted(value)),
        tap({ complete: () => slots.end() }),
        mergeMap(overflow),
      );
      merge(slots.results, refused).subscribe(subscriber);
    });
}

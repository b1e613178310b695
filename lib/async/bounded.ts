import { filter, merge, mergeMap, Observable, tap, type ObservableInput, type OperatorFunction } from 'rxjs';
import { Slots, type Start } from './slots.js';
import { WaitingList, type QueuePlace } from './waiting-list.js';

export interface Bounds<T, R> {
  readonly concurrent: number;
  readonly capacity: number;
  readonly overflow: (value: T) => ObservableInput<R>;
  readonly queued?: ((value: T, place: QueuePlace) => void) | undefined;
}

/** A bounded waiting list in front of slots: what `boundedMergeMap` and the pool have in common. */
export function bounded<T, R, R2>(
  start: Start<T, R>,
  { concurrent, capacity, overflow, queued }: Bounds<T, R2>,
): OperatorFunction<T, R | R2> {
  return (source) =>
    new Observable((subscriber) => {
      const waiting = new WaitingList<T>();
      const slots = new Slots(concurrent, () => waiting.shift(), start);
      subscriber.add(() => {
        slots.stop();
        waiting.clear();
      });

      const admitted = (value: T): boolean => {
        if (slots.running + waiting.size >= concurrent + capacity) return false;
        const { idle } = slots;
        const place = waiting.push(value);
        if (idle) slots.fill();
        else queued?.(value, place);
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

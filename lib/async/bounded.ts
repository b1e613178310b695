import type { Observable } from 'rxjs';
import { Slots, type Start } from './slots.js';
import { WaitingList, type Waiting } from './waiting-list.js';

/** A bounded waiting list in front of slots: what `boundedMergeMap` and the pool have in common. */
export class BoundedSlots<W extends Waiting, R> {
  readonly waiting = new WaitingList<W>();
  readonly results: Observable<R>;
  private readonly slots: Slots<W, R>;

  constructor(
    start: Start<W, R>,
    private readonly concurrent: number,
    private readonly capacity: number,
  ) {
    this.slots = new Slots(concurrent, () => this.waiting.shift(), start);
    this.results = this.slots.results;
  }

  /** Starts a value, or lets it wait; `refused` where both slots and list are full. */
  admit(value: W): 'started' | 'waiting' | 'refused' {
    const { slots, waiting } = this;
    if (slots.running + waiting.size >= this.concurrent + this.capacity) return 'refused';
    const { idle } = slots;
    waiting.push(value);
    if (!idle) return 'waiting';
    slots.fill();
    return 'started';
  }

  /** Nothing more will come. */
  end(): void {
    this.slots.end();
  }
}

import type { Observable } from 'rxjs';
import { AsyncQueueFullError } from '../errors.js';
import {
  leave,
  WaitingValue,
  type OpenQueue,
  type QueueHost,
  type QueuePlace,
  type WaitingQueue,
} from '../queues/waiting-list.js';
import { Slots, type Start } from './slots.js';

export interface BoundedSlotsOptions<T> {
  readonly concurrent: number;
  readonly capacity: number;
  readonly open: OpenQueue<T>;
  /** Told of each value that is not started, and why. */
  readonly dropped: (value: T, error: unknown) => void;
  /** Told each time that nothing is left. */
  readonly idle: (() => void) | undefined;
}

/** A bounded queue in front of slots: `boundedMergeMap` without its source. */
export class BoundedSlots<T, R> implements QueueHost<WaitingValue<T>> {
  readonly results: Observable<R>;
  private readonly waiting: WaitingQueue<WaitingValue<T>>;
  private readonly slots: Slots<WaitingValue<T>, R>;
  private concurrent: number;
  private capacity: number;
  private suspended = false;
  private ended = false;
  /** Those that had to make room, and of which nobody was told yet. */
  private readonly evicted: WaitingValue<T>[] = [];
  /** Whether there has been anything since it was last told that nothing is left. */
  private busy = false;

  constructor(
    start: Start<WaitingValue<T>, R>,
    private readonly options: BoundedSlotsOptions<T>,
  ) {
    this.concurrent = options.concurrent;
    this.capacity = options.capacity;
    const waiting = (this.waiting = options.open(this));
    const startTold: Start<WaitingValue<T>, R> = (value, slot, release, index) =>
      start(
        value,
        slot,
        () => {
          waiting.release?.(value);
          release(slot);
        },
        index,
      );
    this.slots = new Slots(this.concurrent, () => this.next(), waiting.release ? startTold : start);
    this.results = this.slots.results;
  }

  /** Starts a value, or lets it wait; gives its place where it waits. */
  admit(value: T): QueuePlace | undefined {
    const { slots, waiting } = this;
    const isFull = slots.running + waiting.size >= this.concurrent + this.capacity;
    if (isFull && (waiting.evict === undefined || waiting.size === 0)) {
      this.options.dropped(value, this.full());
      return undefined;
    }
    this.busy = true;
    const place = new Place(value, this);
    const { idle } = slots;
    waiting.push(place);
    // Nothing has to go for one that was not taken in.
    const evicted = isFull && place.list ? waiting.evict?.(place) : undefined;
    if (idle) slots.fill();
    // Whoever hears of the loss finds the place taken.
    if (evicted) this.tellEvicted(evicted);
    return place.list && place;
  }

  /** In a loop, as the answer may be a value that takes the place of the next one. */
  private tellEvicted(value: WaitingValue<T>): void {
    if (this.evicted.push(value) > 1) return;
    for (let next; (next = this.evicted[0]); this.evicted.shift()) this.drop(next, this.full());
  }

  get poolSize(): number {
    return this.concurrent;
  }

  resize(concurrent: number, capacity = this.capacity): void {
    this.concurrent = concurrent;
    this.capacity = capacity;
    this.slots.resize(concurrent);
  }

  suspend(suspended: boolean): void {
    this.suspended = suspended;
    this.slots.fill();
  }

  wake(): void {
    this.slots.fillSoon();
  }

  drop({ value }: WaitingValue<T>, error: unknown): void {
    this.options.dropped(value, error);
    this.left();
  }

  /** Where nothing runs, nobody else would find out that nothing is left. */
  left(): void {
    if (this.slots.running === 0) this.wake();
  }

  /** Nothing more will come. */
  end(): void {
    this.ended = true;
    this.slots.fill();
  }

  /** Takes all out that wait. */
  clear(): void {
    while (this.waiting.shift(true));
  }

  private next(): WaitingValue<T> | undefined {
    if (this.waiting.size === 0) {
      if (this.busy && this.slots.running === 0) {
        this.busy = false;
        this.options.idle?.();
      }
      // What somebody has done on hearing of it counts.
      if (this.ended && this.waiting.size === 0) this.slots.end();
    }
    return this.suspended ? undefined : this.waiting.shift();
  }

  private full(): AsyncQueueFullError {
    return new AsyncQueueFullError(this.concurrent, this.capacity);
  }
}

class Place<T> extends WaitingValue<T> {
  constructor(
    value: T,
    private readonly owner: { left(): void },
  ) {
    super(value);
  }

  override remove(): boolean {
    const wasThere = leave(this);
    if (wasThere) this.owner.left();
    return wasThere;
  }
}

import { asyncScheduler, mergeMap, Observable, Subject, type Subscriber } from 'rxjs';

/**
 * How many values are started in one go before the others get their turn. What ends synchronously frees its slot
 * while the loop that started it is still running, so that a long list of such values would otherwise be worked off
 * without a timer, a socket or a frame in between.
 */
export const STARTS_PER_TURN = 1000;

/**
 * Starts a value in its slot. It ends with `release(slot)`, which takes the place of `slot.complete()`; what is thrown
 * in starting errors the slot, and with it the results.
 */
export type Start<T, R> = (
  value: T,
  slot: Subscriber<R>,
  release: (slot: Subscriber<R>) => void,
  index: number,
) => void;

/**
 * A `mergeMap` that is handed a value only when it has a free slot, so that it never buffers: its own buffer costs
 * O(n) a value, and recurses when what it held ends synchronously. `supply` says which value is next, or `undefined`
 * as long as there is none.
 */
export class Slots<T, R> {
  /** How many slots are taken. */
  running = 0;
  readonly results: Observable<R>;
  private readonly ready = new Subject<T>();
  private filling = false;
  private ended = false;

  constructor(
    private readonly concurrent: number,
    private readonly supply: () => T | undefined,
    start: Start<T, R>,
  ) {
    let next: T;
    let nextIndex: number;
    const release = (slot: Subscriber<R>) => this.release(slot);
    // The same Observable for all: mergeMap subscribes to it as soon as it was told which value is next.
    const inSlot$ = new Observable<R>((slot) => start(next, slot, release, nextIndex));
    this.results = this.ready.pipe(
      mergeMap((value, index) => {
        next = value;
        nextIndex = index;
        return inSlot$;
      }, concurrent),
    );
  }

  /** Whether a value that comes now is started now. */
  get idle(): boolean {
    return !this.filling && this.running < this.concurrent;
  }

  /** Starts values as long as there are free slots and values. */
  fill(): void {
    // What ends, or arrives, inside of the loop is the loop's to start: recursing instead would overflow the stack.
    if (this.filling) return;
    this.filling = true;
    for (let starts = 0; this.running < this.concurrent; starts++) {
      if (starts === STARTS_PER_TURN) return this.goOnLater();
      const next = this.supply();
      if (!next) {
        if (this.ended) this.ready.complete();
        break;
      }
      this.running++;
      this.ready.next(next);
    }
    this.filling = false;
  }

  /** After what `supply` still has, nothing more will come. */
  end(): void {
    this.ended = true;
    this.fill();
  }

  private release(slot: Subscriber<R>): void {
    // Only when this returns has mergeMap counted the slot as free.
    slot.complete();
    this.running--;
    this.fill();
  }

  /** Until then `filling` stays set, so that no value overtakes those that were there before. */
  private goOnLater(): void {
    asyncScheduler.schedule(() => {
      this.filling = false;
      this.fill();
    });
  }
}

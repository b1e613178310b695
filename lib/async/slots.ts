import {
  asapScheduler,
  asyncScheduler,
  merge,
  mergeMap,
  type SchedulerLike,
  Observable,
  Subject,
  type Subscriber,
} from 'rxjs';

/**
 * How many values are started in one go before the others get their turn. What ends synchronously frees its slot
 * while the loop that started it is still running, so that a long list of such values would otherwise be worked off
 * without a timer, a socket or a frame in between.
 */
export const STARTS_PER_TURN = 1000;

/**
 * Starts a value in its slot. It ends with `release(slot)`, and never with `slot.complete()`; what is thrown in starting
 * errors the slot, and with it the results.
 */
export type Start<T, R> = (
  value: T,
  slot: Subscriber<R>,
  release: (slot: Subscriber<R>) => void,
  index: number,
) => void;

/**
 * A `mergeMap` of slots: each slot is one of its inner Observables, opened when it is first needed, and values pass
 * through it one after another. So `mergeMap` never buffers and is never told that an inner Observable has completed
 * before the end: its own buffer costs O(n) a value, it recurses when what it held ends synchronously, and forgetting
 * an inner Observable costs O(concurrent). `supply` says which value is next, or `undefined` as long as there is none.
 * The concurrency of a `mergeMap` is for good: what grows gets a second one beside the first, for the slots that are new.
 */
export class Slots<T, R> {
  /** How many slots are taken. */
  running = 0;
  readonly results: Observable<R>;
  private openings = new Subject<void>();
  private readonly growths = new Subject<Observable<R>>();
  private readonly slot$ = new Observable<R>((slot) => {
    this.opened = slot;
  });
  private opened: Subscriber<R> | undefined = undefined;
  /** The slots that are open and not taken. */
  private readonly free: Subscriber<R>[] = [];
  private started = 0;
  private filling = false;
  private ended = false;

  constructor(
    private concurrent: number,
    private readonly supply: () => T | undefined,
    private readonly start: Start<T, R>,
  ) {
    this.results = merge(this.slots(concurrent), this.growths.pipe(mergeMap((slots$) => slots$)));
  }

  /** Lets so many run at a time from now on. What runs goes on: after a shrinking there are more of them until some have ended. */
  resize(concurrent: number): void {
    const more = concurrent - this.running - this.free.length;
    this.concurrent = concurrent;
    if (more > 0) {
      this.openings.complete();
      this.openings = new Subject();
      this.growths.next(this.slots(more));
    }
    this.fill();
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
      if (starts === STARTS_PER_TURN) return this.goOnLater(asyncScheduler);
      const value = this.supply();
      if (!value) {
        if (this.ended) this.close();
        break;
      }
      this.startIn(this.free.pop() ?? this.open(), value);
    }
    this.filling = false;
  }

  /**
   * The same, when the code that runs now has ended: whoever takes out many values one after another would otherwise start
   * each of them just before it is taken out.
   */
  fillSoon(): void {
    if (!this.filling) this.goOnLater(asapScheduler);
  }

  /** After what `supply` still has, nothing more will come. */
  end(): void {
    this.ended = true;
    this.fill();
  }

  private startIn(slot: Subscriber<R> | undefined, value: T): void {
    this.running++;
    // There is none where nobody is subscribed to the results.
    if (!slot) return;
    try {
      this.start(value, slot, this.release, this.started++);
    } catch (error) {
      slot.error(error);
    }
  }

  /** Opens one for each of the openings. */
  private slots(concurrent: number): Observable<R> {
    return this.openings.pipe(mergeMap(() => this.slot$, concurrent));
  }

  private open(): Subscriber<R> | undefined {
    this.opened = undefined;
    this.openings.next();
    return this.opened;
  }

  /** Frees a slot without filling it. */
  vacate(slot: Subscriber<R>): void {
    this.free.push(slot);
    this.running--;
  }

  private readonly release = (slot: Subscriber<R>): void => {
    this.vacate(slot);
    this.fill();
  };

  private close(): void {
    this.growths.complete();
    this.openings.complete();
    for (let slot; (slot = this.free.pop());) slot.complete();
  }

  /** Until then `filling` stays set, so that no value overtakes those that were there before. */
  private goOnLater(scheduler: SchedulerLike): void {
    this.filling = true;
    scheduler.schedule(() => {
      this.filling = false;
      this.fill();
    });
  }
}

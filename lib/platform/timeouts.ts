/**
 * One timer for all that has the same limit: who begins last is due last, so that they stand in a list in that order, and the timer
 * is set for the first of them. Two for each call, one of which is set anew with each piece of its answer, take more than twice as
 * long (`bench/micro/timeouts.mjs`). It is as exact as one, and none is left where nothing is watched.
 */
export class Timeouts {
  private readonly lists = new Map<number, WatchList>();

  constructor(private readonly clock: TimeoutClock) {}

  /** Begins to watch, or begins anew; `limit` in milliseconds, more than 0. */
  start(watched: Watched, limit: number): void {
    const { list } = watched;
    if (list?.limit === limit) return list.start(watched);
    list?.stop(watched);
    this.listOf(limit).start(watched);
  }

  private listOf(limit: number): WatchList {
    let list = this.lists.get(limit);
    if (list === undefined) {
      // Limits are few; whoever makes them up as he goes must not fill the memory. A list goes on while it watches something.
      if (this.lists.size === mostLimits) this.lists.clear();
      this.lists.set(limit, (list = new WatchList(limit, this.clock)));
    }
    return list;
  }
}

/** What has a limit, while it is in a list. */
export abstract class Watched {
  /** @internal */
  list: WatchList | undefined = undefined;
  /** @internal When its time is up, by the clock. */
  due = 0;
  /** @internal */
  before: Watched | undefined = undefined;
  /** @internal */
  after: Watched | undefined = undefined;

  /** Its time is up, and it is watched no longer. */
  abstract onTimeout(limit: number): void;
}

/** Ends watching, which may have ended before. */
export function stopWatching(watched: Watched): void {
  watched.list?.stop(watched);
}

/** In milliseconds. */
export interface TimeoutClock {
  now(): number;
  /** Gives what clears it. */
  set(work: () => void, after: number): () => void;
  /** Called when a time is up: what has come by then is to be read first. */
  afterReading(work: () => void): void;
}

const mostLimits = 100;

class WatchList {
  private first: Watched | undefined = undefined;
  private last: Watched | undefined = undefined;
  private clear: (() => void) | undefined = undefined;

  constructor(
    readonly limit: number,
    private readonly clock: TimeoutClock,
  ) {}

  start(watched: Watched): void {
    if (watched.list !== undefined) this.unlink(watched);
    watched.list = this;
    watched.due = this.clock.now() + this.limit;
    watched.before = this.last;
    if (this.last === undefined) this.first = watched;
    else this.last.after = watched;
    this.last = watched;
    this.clear ??= this.clock.set(this.check, this.limit);
  }

  stop(watched: Watched): void {
    this.unlink(watched);
    if (this.first !== undefined) return;
    this.clear?.();
    this.clear = undefined;
  }

  private unlink(watched: Watched): void {
    const { before, after } = watched;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after === undefined) this.last = before;
    else after.before = before;
    watched.list = watched.before = watched.after = undefined;
  }

  private readonly check = (): void => {
    const { clock, clear: fired } = this;
    const now = clock.now();
    clock.afterReading(() => {
      // Who has been heard of meanwhile is due later.
      for (let watched; (watched = this.first) && watched.due <= now;) {
        this.unlink(watched);
        watched.onTimeout(this.limit);
      }
      // Another timer may have been set meanwhile.
      if (this.clear !== fired) return;
      const { first } = this;
      this.clear = first === undefined ? undefined : clock.set(this.check, Math.max(1, first.due - now));
    });
  };
}

import type { LimitRate } from './limit-options.js';

interface Starts {
  /** When they were, or a little later: they count until an interval after it. */
  readonly at: number;
  count: number;
}

/**
 * The starts within the last interval. Not those since some tick of a clock, as two ticks that follow each other would let twice
 * as many start around the second. Those within a thousandth of the interval are kept as one, however many they are.
 */
export class RateWindow {
  used = 0;
  private readonly starts: Starts[] = [];
  private forgotten = 0;
  private readonly grain: number;

  constructor(private readonly rate: LimitRate) {
    const { interval } = rate;
    // A power of two where it is a fraction, so that sums are exact.
    this.grain = interval < 1000 ? 1 / 16 : Math.floor(interval / 1000);
  }

  free(now: number): number {
    this.forget(now);
    return this.rate.limit - this.used;
  }

  /** Returns the time as which it counts. */
  add(now: number): number {
    const at = Math.ceil(now / this.grain) * this.grain;
    const last = this.starts.at(-1);
    this.used++;
    if (last !== undefined && last.at >= at) last.count++;
    else this.starts.push({ at, count: 1 });
    return this.starts.at(-1)?.at ?? at;
  }

  /** Takes one back of those that count as of this time, where it still counts. */
  remove(at: number): void {
    for (let i = this.starts.length - 1; i >= this.forgotten; i--) {
      const start = this.starts[i];
      if (start === undefined || start.at < at) return;
      if (start.at > at || start.count === 0) continue;
      start.count--;
      this.used--;
      return;
    }
  }

  /** How long until there is room for one more, after so many others, in milliseconds; 0 where there is. */
  waitFor(ahead: number, now: number): number {
    const free = this.free(now);
    if (ahead < free) return 0;
    const { limit, interval } = this.rate;
    const intervals = Math.floor((ahead - free) / limit) * interval;
    let left = (ahead - free) % limit;
    for (let i = this.forgotten; i < this.starts.length; i++) {
      const start = this.starts[i];
      if (start === undefined || left < start.count) return intervals + (start?.at ?? now) + interval - now;
      left -= start.count;
    }
    return intervals + interval;
  }

  /** Of those that were an interval ago, or earlier. */
  private forget(now: number): void {
    for (let start; (start = this.starts[this.forgotten]) && start.at + this.rate.interval <= now;) {
      this.used -= start.count;
      this.forgotten++;
    }
    // Now and then, as each time would move all that are left.
    if (this.forgotten * 2 <= this.starts.length) return;
    this.starts.splice(0, this.forgotten);
    this.forgotten = 0;
  }
}

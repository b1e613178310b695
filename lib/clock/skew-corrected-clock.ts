import { parseHttpDate } from './http-date.js';

/** The `Date` header's precision, in milliseconds: offsets that are closer to each other are the same one. */
const precision = 1000;

/** The local clock, corrected by what servers say the time is. One a client, so that its calls learn from each other. */
export class SkewCorrectedClock {
  private known = 0;

  /** `source` gives the local time in milliseconds since 1970. */
  constructor(private readonly source: () => number) {}

  /** The corrected time, in milliseconds since 1970. */
  now(): number {
    return this.source() + this.known;
  }

  /** How far the server's clock is ahead, in milliseconds. A call keeps the one it signs with, for {@link differsFrom}. */
  get offset(): number {
    return this.known;
  }

  /**
   * Takes the server's time from an answer that refuses the client's. `sentAt` and `receivedAt` are of the local clock,
   * uncorrected. An answer without a date, or one that a cache has kept, teaches nothing.
   */
  learn(date: string | undefined, age: string | undefined, sentAt: number, receivedAt: number): void {
    const serverTime = parseHttpDate(date);
    if (serverTime === undefined || (age !== undefined && Number(age) !== 0)) return;
    // Where the local clock was set back in between, only what it says now means anything.
    const midpoint = receivedAt < sentAt ? receivedAt : (sentAt + receivedAt) / 2;
    this.known = serverTime - midpoint;
  }

  /** Whether signing again would give another time than with this offset, which calls in parallel may have learnt meanwhile. */
  differsFrom(offset: number): boolean {
    return Math.abs(this.known - offset) >= precision;
  }
}

import { asyncScheduler } from 'rxjs';

/**
 * Whole milliseconds that never go back, whatever is done to the machine's clock meanwhile: only differences count. Where a
 * test has put virtual time in place of RxJS' own, which begins at 0, it is that.
 */
export function monotonicNow(): number {
  return Math.floor(preciseNow());
}

/** The same with fractions of a millisecond, for who must not be early by one. */
export function preciseNow(): number {
  const time = asyncScheduler.now();
  const { performance: clock } = globalThis as Partial<typeof globalThis>;
  return isVirtual(time) ? time : (clock?.now() ?? time);
}

/** Whether a test plays, as within `testScheduler.run`. */
export function isVirtual(time = asyncScheduler.now()): boolean {
  return time < longAgo;
}

/** No machine's clock stands there: 1973. */
const longAgo = 1e11;

/** The option `timeout`. */
import { throwError, timeout, type MonoTypeOperatorFunction } from 'rxjs';
import { TimeoutError } from '../errors.js';
import type { AnyOperation } from '../service.js';

/** Ends what has given nothing when the time is up; what comes at once costs no timer. */
export function within<T>(
  limit: number,
  { action }: AnyOperation,
  /** What is left of it. */
  left = limit,
): MonoTypeOperatorFunction<T> {
  if (limit === 0) return (part) => part;
  return timeout({
    first: Math.max(0, left),
    with: () => throwError(() => new TimeoutError({ phase: 'attempt', timeout: limit, action })),
  });
}

/** The option `timeout`: of an attempt, the time that it is held back left out. */
import { limitWhole } from '#answer';
import { throwError, timeout, type MonoTypeOperatorFunction } from 'rxjs';
import { TimeoutError } from '../errors.js';
import type { CallContext } from './call-context.js';
import type { Handler } from './stage.js';

export function attemptTimeout(next: Handler): Handler {
  return (call) => {
    const events$ = next(call);
    return limitWhole(events$, call) ?? events$.pipe(withinTimeout(call, call.attempt.timeSpent));
  };
}

/**
 * Ends what has given nothing when the time is up; what comes at once costs no timer. A request whose upload is told of may
 * take longer, as long as it goes on. `spent` of the time already, in milliseconds.
 */
export function withinTimeout<T>(
  { settings, asked, reportsUpload }: CallContext,
  spent = 0,
): MonoTypeOperatorFunction<T> {
  const { timeout: limit } = settings;
  if (limit === 0) return (part) => part;
  const left = Math.max(0, limit - spent);
  return timeout({
    first: left,
    ...(reportsUpload ? { each: limit } : {}),
    with: () => throwError(() => new TimeoutError({ phase: 'attempt', timeout: limit, action: asked.action })),
  });
}

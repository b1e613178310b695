/** The option `deadline`: over the queue, the credentials, every attempt and every wait. */
import { filter, mergeMap, takeUntil, throwError, timer } from 'rxjs';
import { TimeoutError } from '../errors.js';
import type { CallContext } from './call-context.js';
import type { Handler } from './stage.js';

/** Errors a call that has not given anything of its answer when its deadline comes. */
export function deadline(next: Handler): Handler {
  return (call) => {
    if (call.settings.deadline === 0) return next(call);
    const over$ = timer(call.settings.deadline).pipe(
      filter(() => !call.timeline.begun),
      mergeMap(() => throwError(() => tooLate(call))),
    );
    return next(call).pipe(takeUntil(over$));
  };
}

function tooLate({ asked: { action }, settings: { deadline: timeout }, timeline }: CallContext): TimeoutError {
  timeline.enter(undefined);
  return new TimeoutError({ phase: 'deadline', timeout, action, spent: { ...timeline.spent } });
}

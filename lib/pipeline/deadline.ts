/** The limit over everything: the queue, the credentials, every attempt and every wait. */
import { filter, mergeMap, takeUntil, throwError, timer, type MonoTypeOperatorFunction } from 'rxjs';
import { TimeoutError, type AlicloudError } from '../errors.js';
import { ofCall } from './concluded.js';
import type { CallRecord } from './record.js';

/** Errors a call that has not given anything of its answer when its deadline comes. */
export function withinDeadline<T>(record: CallRecord): MonoTypeOperatorFunction<T> {
  if (record.deadline === 0) return (call) => call;
  const over$ = timer(record.deadline).pipe(
    filter(() => !record.begun),
    mergeMap(() => throwError(() => tooLate(record))),
  );
  return takeUntil(over$);
}

function tooLate(record: CallRecord): AlicloudError {
  record.enter(undefined);
  const { deadline: timeout, spent, call } = record;
  const error = new TimeoutError({ phase: 'deadline', timeout, action: call.operation.action, spent: { ...spent } });
  return ofCall(error, call);
}

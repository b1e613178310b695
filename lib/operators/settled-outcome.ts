import type { OperatorFunction } from 'rxjs';
import { outcomeOf, type Outcome } from '../async/outcome.js';

/**
 * How a call ended, as a value: `{ ok: true, value }` with the last value, or `{ ok: false, error }`. Emits exactly one and
 * never errors, so that of many calls none ends the others. A source without a value is an `SDK.Unexpected`.
 *
 * ```ts
 * from(ids).pipe(mergeMap((InstanceId) => client.stopInstance({ InstanceId }).pipe(settledOutcome()), 5));
 * // { ok: true, value: { RequestId: '…' } }, { ok: false, error: ServerError }
 * ```
 */
export function settledOutcome<T>(): OperatorFunction<T, Outcome<T>> {
  return outcomeOf;
}

import type { Observable } from 'rxjs';
import type { AsyncModeCall } from '../../lib/async/async-mode.js';
import type { Dispatcher } from '../../lib/async/dispatcher.js';
import { AsyncScope } from '../../lib/platform/node.js';

/** What a dispatcher needs of a call that is no more than an Observable; `many`: each value is passed on as it comes. */
export function dispatched(many = false, requiresAsync = false): AsyncModeCall {
  return Object.assign(new AsyncScope(), {
    requiresAsync,
    slot: undefined,
    isFinal: () => !many,
    describeError: (error: unknown) => error,
  });
}

/** The call, run by the dispatcher. */
export function through<T>(dispatcher: Dispatcher<AsyncModeCall>, call: Observable<T>, many = false): Observable<T> {
  return dispatcher.run(dispatched(many), () => call);
}

/** The same of a chan or callback call. */
export function throughAsync<T>(
  dispatcher: Dispatcher<AsyncModeCall>,
  call: Observable<T>,
  many = false,
): Observable<T> {
  return dispatcher.run(dispatched(many, true), () => call);
}

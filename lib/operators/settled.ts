import {
  catchError,
  concat,
  concatMap,
  defer,
  from,
  ignoreElements,
  of,
  throwError,
  type Observable,
  type ObservableInput,
} from 'rxjs';
import { NotSettledError } from '../errors.js';
import { checkOption, ofType, withMethod } from '../schema/options.js';

/**
 * A call that has ended only when what it has begun is done: emits the response of `call` when the Observable that `wait` makes
 * of it completes, and not before, so that what follows it finds the resource ready. What `wait` emits is not passed on.
 *
 * An error of `call` is passed on: nothing has been executed, or nobody knows. Where the wait fails, the call was executed: the
 * error is `SDK.NotSettled`, with the response in `response` and the failure as its `cause`.
 *
 * @example
 * import { settled, waitFor } from 'rx-alicloud/operators';
 * import { instanceRunning } from 'rx-alicloud/waiters/ecs';
 *
 * settled(client.runInstances({ Amount: 2 }), ({ InstanceIdSets }) =>
 *   waitFor(client, instanceRunning, InstanceIdSets?.InstanceIdSet),
 * ).subscribe(({ InstanceIdSets }) => console.log('running:', InstanceIdSets?.InstanceIdSet));
 *
 * @throws ConfigurationError at once, where `wait` is no function
 */
export function settled<T>(call: Observable<T>, wait: (response: T) => ObservableInput<unknown>): Observable<T> {
  checkOption('call', call, withMethod('subscribe', 'an Observable'));
  checkOption('wait', wait, ofType('function'));
  return call.pipe(
    concatMap((response) =>
      concat(
        defer(() => from(wait(response))).pipe(
          ignoreElements(),
          catchError((error: unknown) => throwError(() => new NotSettledError(response, error))),
        ),
        of(response),
      ),
    ),
  );
}

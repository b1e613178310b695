/** The chan and callback variants of a call that emits many values: each is handed on as it comes. */
import {
  catchError,
  concat,
  defaultIfEmpty,
  EMPTY,
  from,
  ignoreElements,
  map,
  of,
  Subject,
  tap,
  type Observable,
} from 'rxjs';
import { toAlicloudError, type AlicloudError } from '../errors.js';
import { Channel } from './channel.js';

/** Starts the call at once. Each value goes to the first channel, a failure to the second; the end closes both. */
export function toManyChannels<T>(call: Observable<T>): [responses: Channel<T>, errors: Channel<AlicloudError>] {
  const value$ = new Subject<T>();
  const responses = new Channel(value$.pipe(catchError(() => EMPTY)));
  const errors = new Channel(failureOf(value$));
  call.subscribe(value$);
  return [responses, errors];
}

/**
 * Starts the call at once. The callback is called with each value, never before this function has returned, and with the
 * error where there is one. Then the channel yields 1 after a success, 0 after a failure, and closes.
 */
export function toManyCallbacks<T>(
  call: Observable<T>,
  callback: (response: T | undefined, error: AlicloudError | undefined) => void,
): Channel<0 | 1> {
  // In a `subscribe` of its own, a callback that throws is reported as RxJS reports unhandled errors.
  const tell = (response: T | undefined, error: AlicloudError | undefined): void =>
    void of(undefined).subscribe(() => callback(response, error));
  const [responses, errors] = toManyChannels(call);
  return new Channel(
    concat(
      from(responses).pipe(
        tap((response) => tell(response, undefined)),
        ignoreElements(),
      ),
      from(errors).pipe(
        tap((error) => tell(undefined, error)),
        map((): 0 | 1 => 0),
        defaultIfEmpty<0 | 1, 0 | 1>(1),
      ),
    ),
  );
}

/** Emits the error that a call ends in, if it does. */
function failureOf(call: Observable<unknown>): Observable<AlicloudError> {
  return call.pipe(
    ignoreElements(),
    catchError((error: unknown) => of(toAlicloudError(error))),
  );
}

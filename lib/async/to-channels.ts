import { filter, map, Subject, type Observable } from 'rxjs';
import type { AlicloudError } from '../errors.js';
import { Channel } from './channel.js';
import { outcomeOf, type Failure, type Outcome, type Success } from './outcome.js';

/**
 * Starts the call at once. Success puts the response in the first channel, failure the error in the second; either
 * closes both, so that receiving from them never hangs, in whichever order.
 */
export function toChannels<T>(call: Observable<T>): [responses: Channel<T>, errors: Channel<AlicloudError>] {
  const outcome$ = new Subject<Outcome<T>>();
  const responses = new Channel(
    outcome$.pipe(
      filter(isSuccess),
      map(({ value }) => value),
    ),
  );
  const errors = new Channel(
    outcome$.pipe(
      filter(isFailure),
      map(({ error }) => error),
    ),
  );
  outcomeOf(call).subscribe(outcome$);
  return [responses, errors];
}

function isSuccess<T>(outcome: Outcome<T>): outcome is Success<T> {
  return outcome.ok;
}

function isFailure(outcome: Outcome<unknown>): outcome is Failure {
  return !outcome.ok;
}

import { EMPTY, mergeMap, of, Subject, type Observable } from 'rxjs';
import type { AlicloudError } from '../errors.js';
import { Channel } from './channel.js';
import { outcomeOf, type Outcome } from './outcome.js';

/**
 * Starts the call at once. Success puts the response in the first channel, failure the error in the second; either
 * closes both, so that receiving from them never hangs, in whichever order.
 */
export function toChannels<T>(call: Observable<T>): [responses: Channel<T>, errors: Channel<AlicloudError>] {
  const outcome$ = new Subject<Outcome<T>>();
  const responses = new Channel(outcome$.pipe(mergeMap((end) => (end.error ? EMPTY : of(end.response)))));
  const errors = new Channel(outcome$.pipe(mergeMap((end) => (end.error ? of(end.error) : EMPTY))));
  outcomeOf(call).subscribe(outcome$);
  return [responses, errors];
}

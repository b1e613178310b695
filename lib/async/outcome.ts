import { Observable } from 'rxjs';
import { ClientError, toAlicloudError, type AlicloudError } from '../errors.js';

/** How a call ended: with a value, or with an error. */
export type Outcome<T> = Success<T> | Failure;

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
  readonly error?: undefined;
}

export interface Failure {
  readonly ok: false;
  readonly value?: undefined;
  readonly error: AlicloudError;
}

/** Emits exactly one outcome, when the call has ended; never errors, and is never empty. */
export function outcomeOf<T>(call: Observable<T>): Observable<Outcome<T>> {
  return new Observable((subscriber) => {
    let last: Outcome<T> | undefined;
    const end = (outcome: Outcome<T>) => {
      subscriber.next(outcome);
      subscriber.complete();
    };
    const fail = (error: unknown) => end({ ok: false, error: toAlicloudError(error) });
    const complete = () => (last ? end(last) : fail(new ClientError('SDK.Unexpected', noResponse)));
    try {
      return call.subscribe({ next: (value) => (last = { ok: true, value }), error: fail, complete });
    } catch (error) {
      return fail(error);
    }
  });
}

const noResponse = 'The call completed without a response';

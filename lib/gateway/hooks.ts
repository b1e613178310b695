/** The functions that the gateway's owner gives: they may answer later, fail, and hang. */
import {
  catchError,
  defaultIfEmpty,
  defer,
  from,
  isObservable,
  of,
  take,
  throwError,
  timeout,
  type Observable,
} from 'rxjs';
import { messageOf } from '../errors.js';
import { GatewayRefusal } from './refusal.js';

export interface HookSettings {
  /** In milliseconds. */
  readonly authorizeTimeout: number;
  readonly warn: (message: string) => void;
}

/** What a hook has answered, `undefined` for nothing. What it fails with is for the gateway's owner alone. */
export function ask<T>(
  name: string,
  hook: () => T | PromiseLike<T> | Observable<T>,
  { authorizeTimeout, warn }: HookSettings,
): Observable<T | undefined> {
  return defer(() => {
    const answer = hook();
    return isObservable(answer) || isPromiseLike(answer) ? from(answer) : of(answer);
  }).pipe(
    take(1),
    defaultIfEmpty(undefined),
    timeout(authorizeTimeout),
    catchError((error: unknown) => {
      tell(warn, `rx-alicloud gateway: \`${name}\` failed: ${messageOf(error)}`);
      return throwError(() => new GatewayRefusal('Gateway.InternalError', 'The gateway failed'));
    }),
  );
}

/** A listener that throws disturbs no request. */
export function tell<T>(listener: ((value: T) => void) | undefined, value: T): void {
  try {
    listener?.(value);
  } catch {
    // It is the one that errors would be told.
  }
}

function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

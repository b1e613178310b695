import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { CallContext } from './call-context.js';

/** Goes on in the call's own async context, where something that calls share may emit in that of another. */
export function inContextOf<T>(call: CallContext): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (value) => call.inScope(() => subscriber.next(value)),
        error: (error: unknown) => call.inScope(() => subscriber.error(error)),
        complete: () => call.inScope(() => subscriber.complete()),
      }),
    );
}

import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { CallContext } from './call-context.js';

/** Goes on in the call's own async context, where something that calls share may emit in that of another. */
export function inContextOf<T>({ asyncContext }: CallContext): MonoTypeOperatorFunction<T> {
  if (asyncContext === undefined) return (source) => source;
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (value) => asyncContext.run(() => subscriber.next(value)),
        error: (error: unknown) => asyncContext.run(() => subscriber.error(error)),
        complete: () => asyncContext.run(() => subscriber.complete()),
      }),
    );
}

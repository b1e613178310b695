import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { CallContext } from './call-context.js';

/**
 * Goes on in the call's own async context, where something that calls share may emit in that of another. A source that
 * emits while it is subscribed to is stopped as soon as nobody wants any more of it.
 */
export function inContextOf<T>(call: Pick<CallContext, 'inScope'>): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      const linked$ = new Observable<T>((inner) => {
        subscriber.add(inner);
        source.subscribe(inner);
      });
      linked$.subscribe({
        next: (value) => call.inScope(() => subscriber.next(value)),
        error: (error: unknown) => call.inScope(() => subscriber.error(error)),
        complete: () => call.inScope(() => subscriber.complete()),
      });
    });
}

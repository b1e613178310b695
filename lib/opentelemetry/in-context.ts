import { context, type Context } from '@opentelemetry/api';
import { Observable, takeWhile, type MonoTypeOperatorFunction } from 'rxjs';

/**
 * Subscribes in one context, and hands on what comes in another: spans that are made on the way are children of `inner`,
 * and those that are made of the result are not.
 */
export function inContext<T>(inner: Context, outer: Context): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      const open$ = source.pipe(takeWhile(() => !subscriber.closed));
      return context.with(inner, () =>
        open$.subscribe({
          next: (value) => context.with(outer, () => subscriber.next(value)),
          error: (error: unknown) => context.with(outer, () => subscriber.error(error)),
          complete: () => context.with(outer, () => subscriber.complete()),
        }),
      );
    });
}

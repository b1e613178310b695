import { Observable, Subject, Subscription, takeUntil } from 'rxjs';
import { callSafely } from './unhandled-error.js';

/**
 * The same for each of its subscribers, whatever they do: a finaliser that throws would otherwise break the loop in which
 * a Subject tells all of them, or be swallowed by the operators before it. It is reported as RxJS reports unhandled errors.
 */
export function isolate<T>(source: Observable<T>): Observable<T> {
  return new Observable((subscriber) => {
    // Who unsubscribes while the source is being subscribed to has no subscription to it yet.
    const left$ = new Subject<void>();
    const leaving = new Subscription(() => left$.next());
    subscriber.add(leaving);
    const subscription = source.pipe(takeUntil(left$)).subscribe({
      next: (value) => callSafely(() => subscriber.next(value)),
      error: (error: unknown) => callSafely(() => subscriber.error(error)),
      complete: () => callSafely(() => subscriber.complete()),
    });
    subscriber.remove(leaving);
    return subscription;
  });
}

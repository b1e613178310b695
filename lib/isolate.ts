import { Observable } from 'rxjs';
import { callSafely } from './unhandled-error.js';

/**
 * The same for each of its subscribers, whatever the others do: a finaliser that throws would otherwise break the loop in
 * which a Subject tells all of them, and reach whoever emits. It is reported as RxJS reports unhandled errors.
 */
export function isolate<T>(source: Observable<T>): Observable<T> {
  return new Observable((subscriber) =>
    source.subscribe({
      next: (value) => callSafely(() => subscriber.next(value)),
      error: (error: unknown) => callSafely(() => subscriber.error(error)),
      complete: () => callSafely(() => subscriber.complete()),
    }),
  );
}

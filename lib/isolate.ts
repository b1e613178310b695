import { Observable } from 'rxjs';

/**
 * The same for each of its subscribers, whatever they do: a finaliser that throws would otherwise break the loop in which
 * a Subject tells all of them, or be swallowed by the operators before it. What is thrown goes no further than to the plain
 * observer in between, and RxJS reports it. Each emission is within a call of `run`.
 *
 * A source that emits while it is being subscribed to is unsubscribed from as soon as nobody wants any more of it.
 */
export function isolate<T>(source: Observable<T>, run: (emit: () => void) => void = runAtOnce): Observable<T> {
  return new Observable((subscriber) => {
    const linked$ = new Observable<T>((inner) => {
      // Whoever unsubscribes during the next line has no subscription to the source yet.
      subscriber.add(inner);
      source.subscribe(inner);
    });
    linked$.subscribe({
      next: (value) => run(() => subscriber.next(value)),
      error: (error: unknown) => run(() => subscriber.error(error)),
      complete: () => run(() => subscriber.complete()),
    });
  });
}

function runAtOnce(emit: () => void): void {
  emit();
}

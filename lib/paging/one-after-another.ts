import { Observable } from 'rxjs';

/**
 * What `next` gives, one after another, until it gives nothing: the next one is asked for when the last has completed. It
 * is a loop by hand, as `repeat` and `expand` recurse where what they subscribe to completes synchronously, and a list may
 * have a million pages.
 */
export function oneAfterAnother<T>(next: () => Observable<T> | undefined): Observable<T> {
  return new Observable((subscriber) => {
    let looping = false;
    const goOn = (): void => {
      if (looping) return;
      looping = true;
      for (let completed = true; completed && !subscriber.closed;) {
        completed = false;
        let source$: Observable<T> | undefined;
        try {
          source$ = next();
        } catch (error) {
          return subscriber.error(error);
        }
        if (source$ === undefined) return subscriber.complete();
        subscriber.add(
          source$.subscribe({
            next: (value) => subscriber.next(value),
            error: (error: unknown) => subscriber.error(error),
            complete: () => {
              completed = true;
              goOn();
            },
          }),
        );
      }
      looping = false;
    };
    goOn();
  });
}

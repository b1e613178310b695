import { Observable } from 'rxjs';

/**
 * Emits once after so many milliseconds. It is nothing that anybody waits for: it keeps no Node process alive, and no render of
 * a page that Zone.js watches.
 */
export function backgroundTimer(wait: number): Observable<0> {
  return new Observable((subscriber) => {
    const set = (): ReturnType<typeof setTimeout> =>
      setTimeout(() => {
        subscriber.next(0);
        subscriber.complete();
      }, wait);
    const { Zone } = globalThis as { readonly Zone?: { readonly root: { run<T>(work: () => T): T } } };
    const timer: ReturnType<typeof setTimeout> & { unref?: unknown } = Zone === undefined ? set() : Zone.root.run(set);
    // In browsers it is a number.
    if (typeof timer.unref === 'function') timer.unref();
    return () => clearTimeout(timer);
  });
}

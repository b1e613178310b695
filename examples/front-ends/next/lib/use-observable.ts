import { useMemo, useSyncExternalStore } from 'react';
import { share, tap, timer, type Observable } from 'rxjs';

export interface Latest<T> {
  readonly value?: T;
  readonly error?: Error;
}

/** What an Observable has emitted last; it is subscribed to while the component is mounted. */
export function useObservable<T>(source$: Observable<T>): Latest<T> {
  const store = useMemo(() => storeOf(source$), [source$]);
  return useSyncExternalStore(store.subscribe, store.latest, store.latest);
}

function storeOf<T>(source$: Observable<T>) {
  let latest: Latest<T> = {};
  const shared$ = source$.pipe(
    tap({ next: (value) => (latest = { value }), error: (error: Error) => (latest = { ...latest, error }) }),
    // StrictMode mounts, unmounts and mounts again at once: that is one subscription, and one request.
    share({ resetOnRefCountZero: () => timer(0) }),
  );
  return {
    latest: () => latest,
    subscribe(changed: () => void) {
      const subscription = shared$.subscribe({ next: changed, error: changed });
      return () => subscription.unsubscribe();
    },
  };
}

import type { Observable } from 'rxjs';
import { shallowRef, watchEffect, type ShallowRef } from 'vue';

/**
 * What an Observable has emitted last. It is subscribed to until the component is unmounted, and anew when what the function
 * reads changes.
 */
export function useObservable<T>(source: () => Observable<T>): {
  readonly value: ShallowRef<T | undefined>;
  readonly error: ShallowRef<Error | undefined>;
} {
  const value = shallowRef<T>();
  const error = shallowRef<Error>();
  watchEffect((onCleanup) => {
    const subscription = source().subscribe({
      next: (next) => (value.value = next),
      error: (reason: Error) => (error.value = reason),
    });
    onCleanup(() => subscription.unsubscribe());
  });
  return { value, error };
}

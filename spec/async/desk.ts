import { finalize, Observable, Subject, type Observer, type Subscription } from 'rxjs';
import { isAlicloudError } from '../../lib/errors.js';

/** Makes calls, and writes down what becomes of them. */
export interface Desk {
  /** Submits a call, by default one that is ended by hand. `then` is what its owner does on hearing of it. */
  readonly submit: (name: string, call?: Observable<unknown>, then?: Partial<Observer<unknown>>) => Subscription;
  readonly answer: (name: string) => void;
  readonly fail: (name: string, error: unknown) => void;
  /** What was written down since it was last read. */
  readonly read: () => string[];
  readonly log: string[];
}

export function desk(route: <T>(call: Observable<T>) => Observable<T>): Desk {
  const log: string[] = [];
  const calls = new Map<string, Subject<string>>();

  const submit: Desk['submit'] = (name, call, then = {}) => {
    const byHand = new Subject<string>();
    calls.set(name, byHand);
    const watched = new Observable((subscriber) => {
      log.push(`start ${name}`);
      return (call ?? byHand).pipe(finalize(() => log.push(`stop ${name}`))).subscribe(subscriber);
    });
    return route(watched).subscribe({
      next: (value) => {
        log.push(`${name}: ${String(value)}`);
        then.next?.(value);
      },
      error: (error: unknown) => {
        log.push(`${name}: ${isAlicloudError(error) ? error.code : String(error)}`);
        then.error?.(error);
      },
      complete: () => {
        log.push(`${name}: complete`);
        then.complete?.();
      },
    });
  };

  return {
    submit,
    answer: (name) => {
      calls.get(name)?.next('response');
      calls.get(name)?.complete();
    },
    fail: (name, error) => calls.get(name)?.error(error),
    read: () => log.splice(0),
    log,
  };
}

import { concat, finalize, firstValueFrom, map, Observable, of, Subject, takeUntil } from 'rxjs';
import { WaitingList, WaitingValue } from '../queues/waiting-list.js';

/**
 * Hands each value to exactly one receiver, first come, first served, whichever way they receive: `receive()`,
 * `for await`, or an Observable. Values wait for receivers and receivers for values; a receiver that is withdrawn
 * before its value came takes none with it.
 */
export class Channel<T> implements AsyncIterable<T> {
  // Never both at once: a value that comes goes to a receiver that waits.
  readonly #values = new WaitingList<WaitingValue<T>>();
  readonly #receivers = new WaitingList<WaitingValue<() => void>>();
  #closed = false;

  /** Subscribes at once: what `source` emits is sent, and the channel closes when it ends. */
  constructor(source: Observable<T>) {
    source.pipe(finalize(() => this.#close())).subscribe((value) => this.#send(value));
  }

  /** Whether nothing more will be sent. What was sent before may still be there to receive. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The next value; `undefined` when the channel is closed and empty. Never rejects. */
  receive(): Promise<T | undefined> {
    return firstValueFrom(this.asObservable(), { defaultValue: undefined });
  }

  /**
   * Each subscription is a receiver until it is unsubscribed from. It emits the values that go to it, completes when
   * the channel is closed and empty, and never errors.
   */
  asObservable(): Observable<T> {
    return new Observable((subscriber) => {
      const receiver = new WaitingValue(() => {
        while (!subscriber.closed) {
          const next = this.#values.shift();
          if (next) subscriber.next(next.value);
          else if (this.#closed) subscriber.complete();
          else return this.#receivers.push(receiver);
        }
      });
      subscriber.add(() => receiver.remove());
      receiver.value();
    });
  }

  /** Ends when the channel is closed and empty. Leaving a loop early leaves the other values to other receivers. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    const done: IteratorResult<T, undefined> = { done: true, value: undefined };
    const left = new Subject<never>();
    const results$ = this.asObservable().pipe(
      map((value): IteratorResult<T, undefined> => ({ done: false, value })),
      takeUntil(concat(left, of(undefined))),
    );
    return {
      next: () => firstValueFrom(results$, { defaultValue: done }),
      return: () => {
        left.complete();
        return Promise.resolve(done);
      },
    };
  }

  #send(value: T): void {
    this.#values.push(new WaitingValue(value));
    // A receiver that is just being withdrawn takes nothing, and then it is the next one's turn.
    while (this.#values.size > 0 && this.#receivers.size > 0) this.#receivers.shift()?.value();
  }

  #close(): void {
    this.#closed = true;
    while (this.#receivers.size > 0) this.#receivers.shift()?.value();
  }
}

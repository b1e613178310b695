import { Subject, type Observable } from 'rxjs';
import type { CallEvent } from './events.js';

/**
 * What a client tells of its calls, and to whom. A subscriber that throws harms neither the call nor the other
 * subscribers: RxJS reports its error on its own.
 */
export class Events {
  readonly #subject = new Subject<CallEvent>();

  /** Hot, and without an end. */
  readonly events$: Observable<CallEvent> = this.#subject.asObservable();

  /** Whether anybody listens. Where nobody does, an event need not be made. */
  get observed(): boolean {
    return this.#subject.observed;
  }

  emit(event: CallEvent): void {
    this.#subject.next(event);
  }
}

import { Subject, type Observable } from 'rxjs';
import { isolate } from '../isolate.js';
import type { CallEvent } from './events.js';

/**
 * What a client tells of its calls, and to whom. A subscriber that throws, in its handler or in a finaliser, harms neither
 * the call nor the other subscribers: its error is reported on its own, as RxJS reports unhandled errors.
 */
export class Events {
  readonly #subject = new Subject<CallEvent>();

  /** Hot, and without an end. */
  readonly events$: Observable<CallEvent> = isolate(this.#subject);

  /** Whether anybody listens. Where nobody does, an event need not be made. */
  get observed(): boolean {
    return this.#subject.observed;
  }

  emit(event: CallEvent): void {
    this.#subject.next(event);
  }
}

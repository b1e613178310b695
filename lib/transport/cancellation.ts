import type { GenericAbortSignal } from 'axios';

/** A signal for adapters of ours, which listen once. An `AbortController` costs more than all else that a request needs here. */
export class Cancellation implements GenericAbortSignal {
  aborted = false;
  private listener: (() => void) | undefined;

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listener = listener;
  }

  removeEventListener(): void {
    this.listener = undefined;
  }

  abort(): void {
    this.aborted = true;
    this.listener?.();
  }
}

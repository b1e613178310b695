/**
 * The only place that knows how undici calls what becomes of a request. It is the interface that undici's core speaks: around the
 * newer one, with a controller, undici puts an object of its own for each request, and reads all headers of each answer.
 */
import type { Dispatcher } from 'undici';
import type { DispatchHandler } from './dispatch-handler.js';
import { ReceivedHead } from './received-head.js';

export class UndiciHandler implements Dispatcher.DispatchHandler {
  constructor(private readonly handler: DispatchHandler) {}

  onConnect(): void {
    this.handler.begin();
  }

  onHeaders(status: number, headers: Buffer[], resume: () => void, statusText: string): boolean {
    this.handler.head(new ReceivedHead(status, statusText, headers), resume);
    return true;
  }

  onData(piece: Buffer): boolean {
    return this.handler.piece(piece);
  }

  onComplete(): void {
    this.handler.complete();
  }

  onError(error: Error): void {
    this.handler.fail(error, true);
  }
}

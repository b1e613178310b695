import { Observable } from 'rxjs';
import { checkOption, withMethod } from '../schema/options.js';

/**
 * A web stream as an Observable of its chunks. Unsubscribing cancels the stream, also while it is silent. A stream is read
 * once: a second subscription errors, as the stream is locked or has been read. It is read as fast as it gives; where it has
 * to wait for what becomes of its chunks, hand the stream itself to `mergeMapFrom`.
 *
 * @example
 * const chunks$ = deferWithSignal((signal) => fetch('https://example.com', { signal })).pipe(
 *   mergeMap(({ body }) => (body === null ? EMPTY : fromReadableStream(body))),
 * );
 *
 * @throws ConfigurationError at once, where it is no stream
 * @see toReadableStream
 */
export function fromReadableStream<T>(stream: ReadableStream<T>): Observable<T> {
  checkOption('stream', stream, withMethod('getReader', 'a ReadableStream'));
  return new Observable((subscriber) => {
    const reader = stream.getReader();
    let isOver = false;
    const end = (tell: () => void): void => {
      if (isOver) return;
      isOver = true;
      reader.releaseLock();
      tell();
    };
    const read = async (): Promise<void> => {
      try {
        while (!subscriber.closed) {
          const { done, value } = await reader.read();
          if (done) return end(() => subscriber.complete());
          subscriber.next(value);
        }
      } catch (error) {
        end(() => subscriber.error(error));
      }
    };
    subscriber.add(() => {
      // What cancelling fails with is for whoever reads, and nobody does any more.
      if (isOver) return;
      isOver = true;
      reader.cancel().catch(() => undefined);
      reader.releaseLock();
    });
    void read();
  });
}

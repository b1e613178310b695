import { finished, type Readable } from 'node:stream';
import { Observable } from 'rxjs';
import { checkOption, withMethod } from '../../schema/options.js';

/**
 * A stream of Node as an Observable of its chunks. It completes when the stream has ended, and errors as the stream does, or
 * where the stream was closed before its end; one that has ended, failed or been closed before is told of as it is.
 * Unsubscribing destroys the stream, also while it is silent. It is read as fast as it gives; where it has to wait for what
 * becomes of its chunks, hand the stream itself to `mergeMapFrom`.
 *
 * @example
 * import { createReadStream } from 'node:fs';
 * import { fromReadable } from 'rx-alicloud/interop/node';
 *
 * fromReadable<string>(createReadStream('regions.txt', 'utf8')).subscribe(console.log);
 *
 * @throws ConfigurationError at once, where it is no stream
 * @see toReadable
 */
export function fromReadable<T = Uint8Array>(readable: Readable): Observable<T> {
  checkOption('readable', readable, withMethod('read', 'a Readable', ['on', 'destroy']));
  return new Observable((subscriber) => {
    const take = (chunk: T): void => subscriber.next(chunk);
    // Its listeners stay, one for errors among them: one that destroying raises must not end the process.
    let isOver = false;
    finished(readable, { writable: false }, (error) => {
      isOver = true;
      if (error) subscriber.error(error);
      else subscriber.complete();
    });
    subscriber.add(() => {
      readable.off('data', take);
      // Of one that has ended, somebody may still be writing to the other side.
      if (!isOver) readable.destroy();
    });
    readable.on('data', take);
  });
}

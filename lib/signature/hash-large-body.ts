/** Hashes what is large beside the page's own work: by the browser's own hashing, or slice by slice. */
import { hasher } from '#sha256';
import { catchError, defer, from, map, Observable, type Subscriber } from 'rxjs';
import { hexOf } from '../platform/browser/hex.js';
import { utf8 } from '../platform/browser/utf8.js';

/** Some ten milliseconds of a slow machine's. */
const slice = 64 * 1024;

/** WebCrypto takes all bytes at once, and copies them before it returns: 1.3 ms for each megabyte, in which a page does nothing else. */
export const longestDigested = 16 * 2 ** 20;

/** Emits the SHA-256 in hex. Unsubscribing ends it with the slice that is being hashed. */
export function hashLargeBody(body: string | Uint8Array): Observable<string> {
  return defer(() => {
    const bytes = typeof body === 'string' ? utf8(body) : body;
    const { crypto } = globalThis as { readonly crypto?: Partial<Crypto> };
    // A page over plain HTTP has none.
    if (crypto?.subtle === undefined || bytes.length > longestDigested) return inSlices(bytes);
    return from(crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).pipe(
      map((digest) => hexOf(new Uint8Array(digest))),
      // It may be there, and refuse.
      catchError(() => inSlices(bytes)),
    );
  });
}

function inSlices(bytes: Uint8Array): Observable<string> {
  return new Observable((subscriber) => {
    const sha256 = hasher();
    let at = 0;
    return inTasks(subscriber, () => {
      sha256.update(bytes.subarray(at, (at += slice)));
      if (at < bytes.length) return true;
      subscriber.next(sha256.hex());
      subscriber.complete();
      return false;
    });
  });
}

/**
 * Does the work in tasks of their own until there is no more or nobody waits for it. A message comes as soon as the page has done
 * what is due; a timer would let four milliseconds pass each time.
 */
function inTasks(subscriber: Subscriber<unknown>, work: () => boolean): () => void {
  const { port1, port2 } = new MessageChannel();
  const close = (): void => port1.close();
  port1.onmessage = () => {
    if (!subscriber.closed && work()) port2.postMessage(undefined);
    else close();
  };
  port2.postMessage(undefined);
  return close;
}

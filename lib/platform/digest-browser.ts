/**
 * The hashes that a signature is made of, wherever Node is not: by the browser's own hashing, beside the page's work. A page over
 * plain HTTP has none, and loads what hashes in its place. `digest-node.ts` is its twin.
 */
import { catchError, defer, map, Observable, of, switchMap } from 'rxjs';
import { hexOf } from './browser/hex.js';
import { utf8 } from './browser/utf8.js';
import type * as hashingInPage from './browser/hashing-in-page.js';
import type { Eventual } from './eventual.js';
import { lazily } from './lazily.js';

type InPage = (hashing: typeof hashingInPage) => Observable<string>;

/** In bytes: the browser's hashing copies all before it returns, 1.3 ms for each megabyte, in which a page does nothing else. */
export const longestDigested = 16 * 2 ** 20;

/** SHA-256 in lower-case hex. */
export function digest(data: string | Uint8Array): Eventual<string> {
  const bytes = typeof data === 'string' ? utf8(data) : data;
  const inSlices: InPage = ({ sha256InSlices }) =>
    new Observable((subscriber) =>
      sha256InSlices(bytes, (hash) => {
        subscriber.next(hash);
        subscriber.complete();
      }),
    );
  return bytes.length > longestDigested
    ? hashedInPage(inSlices)
    : hashed((subtle) => subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>), inSlices);
}

/** HMAC-SHA256 with one key, in lower-case hex. */
export function hmacWith(key: string): (data: string) => Eventual<string> {
  return (data) => hmac(utf8(key), utf8(data));
}

function hmac(secret: Uint8Array<ArrayBuffer>, bytes: Uint8Array<ArrayBuffer>): Observable<string> {
  return hashed(
    async (subtle) => {
      const algorithm = { name: 'HMAC', hash: 'SHA-256' };
      return subtle.sign('HMAC', await subtle.importKey('raw', secret, algorithm, false, ['sign']), bytes);
    },
    ({ hmacSha256 }) => of(hmacSha256(secret, bytes)),
  );
}

/** Unsubscribing ends it: what a browser is hashing then is not waited for. */
function hashed(natively: (subtle: SubtleCrypto) => Promise<ArrayBuffer>, inPage: InPage): Observable<string> {
  return defer(() => natively(crypto.subtle)).pipe(
    map((hash) => hexOf(new Uint8Array(hash))),
    // It is missing, or it refuses.
    catchError(() => hashedInPage(inPage)),
  );
}

function hashedInPage(inPage: InPage): Observable<string> {
  return lazily(() => defer(() => import('./browser/hashing-in-page.js'))).pipe(switchMap(inPage));
}

/**
 * Hashing without the browser's own, loaded with the first call that is signed where there is none. It imports nothing that others
 * do, which a bundler would cut into a file of its own.
 */
import { bytesToHex, hmac, sha256 } from './noble.js';

/** Some ten milliseconds of a slow machine's. */
const slice = 64 * 1024;

/**
 * Calls back with the SHA-256 in lower-case hex: at once where one slice is all, else with a task of the page's for each further
 * one, and the page's other work between them. What it returns ends it with the slice that is being hashed.
 */
export function sha256InSlices(bytes: Uint8Array, done: (hash: string) => void): () => void {
  const hash = sha256.create();
  let at = 0;
  /** Whether there is more. */
  const hashSlice = (): boolean => {
    hash.update(bytes.subarray(at, (at += slice)));
    if (at < bytes.length) return true;
    done(bytesToHex(hash.digest()));
    return false;
  };
  if (!hashSlice()) return () => undefined;
  // A message comes as soon as the page has done what is due; a timer would let four milliseconds pass each time.
  const { port1, port2 } = new MessageChannel();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    port1.close();
  };
  const next = (): void => port2.postMessage(undefined);
  port1.onmessage = () => {
    // One that is on its way comes after the end, too.
    if (!isOver && hashSlice()) next();
    else end();
  };
  next();
  return end;
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): string {
  return bytesToHex(hmac(sha256, key, data));
}

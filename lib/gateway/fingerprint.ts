/** What tells attempts and requests apart, at a fixed length. */
import { hexOf } from '../platform/browser/hex.js';
import { joinBytes } from '../transport/bytes.js';

/** SHA-256 of the texts and the bytes behind them, in hexadecimal. */
export async function fingerprintOf(texts: readonly string[], bytes: Uint8Array = new Uint8Array()): Promise<string> {
  // As JSON, so that no two lists of texts are one.
  const head = new TextEncoder().encode(`${JSON.stringify(texts)}\n`);
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', joinBytes([head, bytes]))));
}

/** SHA-256, wherever Node is not: at once, for which `crypto.subtle` has no way. `sha256-node.ts` is its twin. */
import { bytesToHex, hmac, sha256 } from './browser/noble.js';
import { utf8 } from './browser/utf8.js';

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return bytesToHex(sha256(typeof data === 'string' ? utf8(data) : data));
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacSha256Hex(key: string, data: string): string {
  return bytesToHex(hmac(sha256, utf8(key), utf8(data)));
}

/** Hashing, wherever Node is not: `crypto.subtle` answers later, and in pages over plain HTTP not at all. */
import { hexOf } from './hex.js';
import { hmacWith } from './hmac.js';
import { Sha256 } from './sha256.js';
import { utf8 } from './utf8.js';

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return hexOf(sha256(typeof data === 'string' ? utf8(data) : data));
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacSha256Hex(key: string, data: string): string {
  return hexOf(hmacWith(sha256, utf8(key), utf8(data)));
}

function sha256(data: Uint8Array): Uint8Array {
  return new Sha256().update(data).digest();
}

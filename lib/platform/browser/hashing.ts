/** Hashing, wherever Node is not: `crypto.subtle` answers later, and in pages over plain HTTP not at all. */
import type { Hasher } from '../hasher.js';
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

/** SHA-256 of bytes that are given piece by piece. */
export function hasher(): Hasher {
  const sha256 = new Sha256();
  return { update: (piece) => void sha256.update(piece), hex: () => hexOf(sha256.digest()) };
}

function sha256(data: Uint8Array): Uint8Array {
  return new Sha256().update(data).digest();
}

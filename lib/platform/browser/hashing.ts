/** Hashing, wherever Node is not: `crypto.subtle` answers later, and in pages over plain HTTP not at all. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hexOf } from './hex.js';
import { utf8 } from './utf8.js';

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return hexOf(sha256(typeof data === 'string' ? utf8(data) : data));
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacSha256Hex(key: string, data: string): string {
  return hexOf(hmac(sha256, utf8(key), utf8(data)));
}

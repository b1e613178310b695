/** What signatures are made with, in Node. `sha256-browser.ts` is its twin; the package's `imports` choose between them. */
import { createHash, createHmac, hash } from 'node:crypto';
import type { Hasher } from './hasher.js';

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacSha256Hex(key: string, data: string): string {
  return createHmac('sha256', key).update(data).digest('hex');
}

/** SHA-256 of bytes that are given piece by piece. */
export function hasher(): Hasher {
  const sha256 = createHash('sha256');
  return { update: (piece) => void sha256.update(piece), hex: () => sha256.digest('hex') };
}

/** OpenSSL hashes a gigabyte a second, and a call stays synchronous. */
export const longestHashedAtOnce = Infinity;

/** The hashes that a signature is made of, in Node: at once. `digest-browser.ts` is its twin; the package's `imports` choose between them. */
import type { Eventual } from './eventual.js';
import { hmacSha256Hex, sha256Hex } from './sha256-node.js';

/** SHA-256 in lower-case hex. */
export const digest: (data: string | Uint8Array) => Eventual<string> = sha256Hex;

/** HMAC-SHA256 in lower-case hex. */
export const hmac: (key: string, data: string) => Eventual<string> = hmacSha256Hex;

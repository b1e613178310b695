/** What signatures are made with, wherever Node is not: apart from the rest, as a page that calls through a gateway needs none. */
export { hasher, hmacSha256Hex, sha256Hex } from './browser/hashing.js';

/** What is longer, in bytes, would block a page for longer than a frame; it is hashed by `hash-large-body.ts`, beside the page's own work. */
export const longestHashedAtOnce = 128 * 1024;

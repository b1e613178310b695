/** What signatures are made with, wherever Node is not: apart from the rest, as a page that calls through a gateway needs none. */
export { hmacSha256Hex, sha256Hex } from './browser/hashing.js';

/** What signatures need of @noble/hashes, in a file of its own: the build inlines it, and so the package has it once. */
export { hmac } from '@noble/hashes/hmac.js';
export { sha256 } from '@noble/hashes/sha2.js';
export { bytesToHex } from '@noble/hashes/utils.js';

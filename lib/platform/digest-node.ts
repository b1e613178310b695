/** The hashes that a signature is made of, in Node: at once. `digest-browser.ts` is its twin; the package's `imports` choose between them. */
import { createHmac, hash } from 'node:crypto';
import type { Eventual } from './eventual.js';
import { sha256Hex } from './sha256-node.js';

/** SHA-256 in lower-case hex. */
export const digest: (data: string | Uint8Array) => Eventual<string> = sha256Hex;

/**
 * HMAC-SHA256 with one key, in lower-case hex. Over prepared keys, and by way of hashes that are made in one call: that takes half as
 * long as `createHmac` (`bench/micro/hmac.mjs`).
 */
export function hmacWith(key: string): (data: string) => Eventual<string> {
  const bytes = Buffer.from(key);
  const secret = bytes.length > blockLength ? hash('sha256', bytes, 'buffer') : bytes;
  const [inner, outer] = [padded(secret, 0x36, longestData), padded(secret, 0x5c, digestLength)];
  return (data) => {
    // A character of UTF-16 takes up to three bytes.
    if (data.length * 3 > longestData) return createHmac('sha256', bytes).update(data).digest('hex');
    const end = blockLength + inner.write(data, blockLength);
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), blockLength, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}

/** In bytes. */
const blockLength = 64;
const digestLength = 32;
/** What signatures sign takes a quarter of it. */
const longestData = 512;

/** The key as HMAC puts it before what it hashes, and room for that. */
function padded(secret: Buffer, mask: number, room: number): Buffer {
  const block = Buffer.alloc(blockLength + room);
  secret.copy(block);
  for (let at = 0; at < blockLength; at++) block[at] = (block[at] ?? 0) ^ mask;
  return block;
}

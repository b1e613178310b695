/** What the core needs of the platform, wherever Node is not. The other side of it is `node.ts`; the package's `imports` choose. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Connections } from './connections.js';

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return bytesToHex(sha256(typeof data === 'string' ? utf8ToBytes(data) : data));
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacSha256Hex(key: string, data: string): string {
  return bytesToHex(hmac(sha256, utf8ToBytes(key), utf8ToBytes(data)));
}

/** HMAC-SHA1 in base64. */
export function hmacSha1Base64(key: string, data: string): string {
  return btoa(String.fromCharCode(...hmac(sha1, utf8ToBytes(key), utf8ToBytes(data))));
}

export function randomUUID(): string {
  // Browsers have `randomUUID` in secure contexts only; a page served over plain HTTP must do without.
  return typeof crypto.randomUUID === 'function'
    ? crypto.randomUUID()
    : uuidOf(crypto.getRandomValues(new Uint8Array(16)));
}

/** A browser names itself, and lets nobody else do it. */
export function platformName(): string | undefined {
  return undefined;
}

/** A browser keeps its connections itself. Of its two ways to send a request, `fetch` alone can stream. */
export function openConnections(): Connections {
  return { axiosConfig: {}, streamConfig: { adapter: 'fetch' }, closeIdle: () => undefined };
}

/** Version 4: all bits random, save for the six that say so. */
function uuidOf(random: Uint8Array): string {
  const hex = bytesToHex(
    random.map((byte, i) => (i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte)),
  );
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

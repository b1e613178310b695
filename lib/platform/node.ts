/** What the core needs of the platform, in Node. The browser's side of it is `browser.ts`; the package's `imports` choose. */
import { createHash, createHmac, randomUUID as uuid } from 'node:crypto';

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacSha256Hex(key: string, data: string): string {
  return createHmac('sha256', key).update(data).digest('hex');
}

export function randomUUID(): string {
  return uuid();
}

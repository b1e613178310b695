/** What the older signatures are made with, in Node. `sha1-browser.ts` is its twin. */
import { createHmac } from 'node:crypto';

/** HMAC-SHA1 in base64. */
export function hmacSha1Base64(key: string, data: string): string {
  return createHmac('sha1', key).update(data).digest('base64');
}

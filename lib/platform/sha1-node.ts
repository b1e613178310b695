/** What the older signatures are made with, in Node. `sha1-browser.ts` is its twin. */
import { createHash, createHmac } from 'node:crypto';

/** HMAC-SHA1 in base64. */
export function hmacSha1Base64(key: string, data: string): string {
  return createHmac('sha1', key).update(data).digest('base64');
}

/** MD5 in base64, as `content-md5` has it. */
export function md5Base64(data: string | Uint8Array): string {
  return createHash('md5').update(data).digest('base64');
}

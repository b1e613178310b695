/** What the older signatures are made with, wherever Node is not: apart from the other hashing, as few pages need it. */
import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { utf8 } from './browser/utf8.js';

/** HMAC-SHA1 in base64. */
export function hmacSha1Base64(key: string, data: string): string {
  return base64(hmac(sha1, utf8(key), utf8(data)));
}

/** MD5 in base64, as `content-md5` has it. */
export function md5Base64(data: string | Uint8Array): string {
  return base64(md5(typeof data === 'string' ? utf8(data) : data));
}

function base64(hash: Uint8Array): string {
  return btoa(String.fromCharCode(...hash));
}

/** What the older signatures are made with, wherever Node is not: apart from the other hashing, as few pages need it. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';

/** HMAC-SHA1 in base64. */
export function hmacSha1Base64(key: string, data: string): string {
  return btoa(String.fromCharCode(...hmac(sha1, utf8(key), utf8(data))));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** HMAC-SHA256 of a text of the length that a signature signs, in the ways that Node has: `npm run bench:micro -- hmac`. */
import { createHash, createHmac, createSecretKey, hash } from 'node:crypto';
import { compare } from './compare.mjs';

const secret = 'a-secret-of-thirty-characters-';
const text = `ACS3-HMAC-SHA256\n${hash('sha256', 'a request', 'hex')}`;
const keyObject = createSecretKey(Buffer.from(secret));
const padded = (mask) =>
  Buffer.concat([
    Buffer.alloc(64, Buffer.from(secret))
      .fill(0, secret.length)
      .map((b) => b ^ mask),
    Buffer.alloc(256),
  ]);
const [inner, outer] = [padded(0x36), padded(0x5c)];
const begun = createHash('sha256').update(inner.subarray(0, 64));
const begunOuter = createHash('sha256').update(outer.subarray(0, 64));
const outerWhole = outer.subarray(0, 96);

compare({
  'createHmac(secret)': () => createHmac('sha256', secret).update(text).digest('hex'),
  'createHmac(KeyObject)': () => createHmac('sha256', keyObject).update(text).digest('hex'),
  'Hash.copy() of the padded secret': () => begunOuter.copy().update(begun.copy().update(text).digest()).digest('hex'),
  'two one-shot hashes over padded secrets': () => {
    const end = 64 + inner.latin1Write(text, 64);
    outer.set(hash('sha256', inner.subarray(0, end), 'buffer'), 64);
    return hash('sha256', outerWhole, 'hex');
  },
  'the same, inner digest by way of latin1 text': () => {
    const end = 64 + inner.latin1Write(text, 64);
    outer.latin1Write(hash('sha256', inner.subarray(0, end), 'binary'), 64);
    return hash('sha256', outerWhole, 'hex');
  },
});

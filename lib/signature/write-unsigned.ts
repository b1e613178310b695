import { canonicalQuery } from '../codec/percent-encode.js';
import type { EncodedRequest } from '../codec/encode.js';
import { toHttp, type SignedRequest, type Signing } from './signing.js';

/** A request that is authorised by what is in it, as the upload of a form is by its policy. */
export function writeUnsigned(encoded: EncodedRequest, signing: Signing): SignedRequest {
  return { http: toHttp(signing, encoded, canonicalQuery(encoded.query), encoded.headers) };
}

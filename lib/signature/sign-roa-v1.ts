/** The older ROA protocol: the signature stands in the `authorization` header, behind the access key's id. */
import { canonicalQuery } from '../codec/percent-encode.js';
import { roaStringToSign, signRoaV1 } from './v1.js';
import type { EncodedRequest } from '../codec/encode.js';
import {
  commonHeaders,
  methodOf,
  signedRequest,
  toHttp,
  tokenHeaders,
  type SignedRequest,
  type Signing,
} from './signing.js';

export function signedRoaV1(encoded: EncodedRequest, signing: Signing): SignedRequest {
  const { operation, credentials, now, nonce } = signing;
  const headers: Record<string, string> = {
    ...encoded.headers,
    ...commonHeaders(signing),
    accept: 'application/json',
    date: new Date(now).toUTCString(),
    'x-acs-signature-nonce': nonce,
    'x-acs-signature-method': 'HMAC-SHA1',
    'x-acs-signature-version': '1.0',
    ...tokenHeaders(credentials),
  };
  let signature: string | undefined;
  let signed: SignedRequest['signed'];
  if (credentials !== undefined && 'bearerToken' in credentials) {
    headers['x-acs-signature-type'] = 'BEARERTOKEN';
  } else if (credentials !== undefined && 'accessKeyId' in credentials) {
    const { accessKeyId, accessKeySecret } = credentials;
    const { path, query } = encoded;
    const signable = { method: methodOf(operation), path, query, headers };
    signature = signRoaV1(signable, accessKeySecret);
    headers.authorization = `acs ${accessKeyId}:${signature}`;
    signed = () => ({ stringToSign: roaStringToSign(signable) });
  }
  return signedRequest(toHttp(signing, encoded, canonicalQuery(encoded.query), headers), signing, signature, signed);
}

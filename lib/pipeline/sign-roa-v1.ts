/** The older ROA protocol: the signature stands in the `authorization` header, behind the access key's id. */
import { canonicalQuery } from '../signature/percent-encode.js';
import { signRoaV1 } from '../signature/v1.js';
import type { EncodedRequest } from './encode.js';
import { commonHeaders, methodOf, toHttp, type SignedRequest, type Signing } from './signing.js';

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
  };
  const secrets: string[] = [];
  if (credentials !== undefined && 'bearerToken' in credentials) {
    headers['x-acs-bearer-token'] = credentials.bearerToken;
    headers['x-acs-signature-type'] = 'BEARERTOKEN';
    secrets.push(credentials.bearerToken);
  } else if (credentials !== undefined) {
    const { accessKeyId, accessKeySecret, securityToken } = credentials;
    if (securityToken !== undefined) {
      headers['x-acs-accesskey-id'] = accessKeyId;
      headers['x-acs-security-token'] = securityToken;
      secrets.push(securityToken);
    }
    const { path, query } = encoded;
    const signature = signRoaV1({ method: methodOf(operation), path, query, headers }, accessKeySecret);
    headers.authorization = `acs ${accessKeyId}:${signature}`;
    secrets.push(accessKeySecret, signature);
  }
  return { http: toHttp(signing, encoded, canonicalQuery(encoded.query), headers), secrets };
}

/** ACS3-HMAC-SHA256, for RPC and ROA calls alike. */
import { sha256Hex } from '#platform';
import { canonicalQuery } from '../signature/percent-encode.js';
import { signV3 } from '../signature/v3.js';
import type { EncodedRequest } from './encode.js';
import {
  commonHeaders,
  methodOf,
  secretsOf,
  timestamp,
  toHttp,
  tokenHeaders,
  type SignedRequest,
  type Signing,
} from './signing.js';

export function signedV3(encoded: EncodedRequest, signing: Signing): SignedRequest {
  const { operation, origin, credentials, now, nonce } = signing;
  const isRpc = operation.path === undefined;
  const query = new Map(encoded.query);
  const bodyHash = sha256Hex(encoded.body ?? '');
  const headers: Record<string, string> = {
    ...encoded.headers,
    ...commonHeaders(signing),
    accept: 'application/json',
    'x-acs-date': timestamp(now),
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': bodyHash,
    ...tokenHeaders(credentials),
  };
  const secrets = secretsOf(credentials);
  if (credentials === undefined) {
    if (isRpc) query.set('Format', 'json');
  } else if ('bearerToken' in credentials) {
    if (isRpc) query.set('SignatureType', 'BEARERTOKEN');
    else headers['x-acs-signature-type'] = 'BEARERTOKEN';
  }
  const sent = canonicalQuery(query);
  if (credentials !== undefined && 'accessKeyId' in credentials) {
    const signable = {
      method: methodOf(operation),
      path: encoded.path,
      query: sent,
      headers: { ...headers, host: new URL(origin).host },
      bodyHash,
    };
    headers.authorization = signV3(signable, credentials);
    // The signature ends the header.
    secrets.push(headers.authorization.slice(-64));
  }
  return { http: toHttp(signing, encoded, sent, headers), secrets };
}

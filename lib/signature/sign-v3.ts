/** ACS3-HMAC-SHA256, for RPC and ROA calls alike. */
import { sha256Hex } from '#sha256';
import { canonicalQuery } from '../codec/percent-encode.js';
import { canonicalV3, signV3 } from './v3.js';
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

/** SHA-256 of no bytes at all. */
const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export function signedV3(encoded: EncodedRequest, signing: Signing): SignedRequest {
  const { operation, origin, credentials, timestamp, nonce } = signing;
  const isRpc = operation.path === undefined;
  const bodyHash = encoded.bodyHash ?? (encoded.body === undefined ? hashOfNothing : sha256Hex(encoded.body));
  const headers: Record<string, string> = {
    ...encoded.headers,
    ...commonHeaders(signing),
    accept: 'application/json',
    'x-acs-date': timestamp,
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': bodyHash,
    ...tokenHeaders(credentials),
  };
  let { query } = encoded;
  if (credentials === undefined) {
    if (isRpc) query = new Map([...query, ['Format', 'json']]);
  } else if ('bearerToken' in credentials) {
    if (isRpc) query = new Map([...query, ['SignatureType', 'BEARERTOKEN']]);
    else headers['x-acs-signature-type'] = 'BEARERTOKEN';
  }
  const sent = canonicalQuery(query);
  if (credentials === undefined || !('accessKeyId' in credentials)) {
    return signedRequest(toHttp(signing, encoded, sent, headers), signing);
  }
  const method = methodOf(operation);
  const signable = { method, path: encoded.path, query: sent, headers: { ...headers, host: hostOf(origin) }, bodyHash };
  headers.authorization = signV3(signable, credentials);
  const http = toHttp(signing, encoded, sent, headers);
  // The signature ends the header.
  return signedRequest(http, signing, headers.authorization.slice(-64), () => canonicalV3(signable));
}

/** An origin has nothing behind its host. */
function hostOf(origin: string): string {
  return origin.slice(origin.indexOf('//') + 2);
}

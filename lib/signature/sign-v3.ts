/** ACS3-HMAC-SHA256, for RPC and ROA calls alike. */
import { digest } from '#digest';
import { andThen, type Eventual } from '../platform/eventual.js';
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

/** SHA-256 of the body in hex. */
export function bodyHashOf({ body, bodyHash }: EncodedRequest): Eventual<string> {
  return bodyHash ?? (body === undefined ? hashOfNothing : digest(body));
}

/** `bodyHash` is that of the encoded request. */
export function signedV3(encoded: EncodedRequest, signing: Signing): Eventual<SignedRequest> {
  const { operation, origin, credentials, timestamp, nonce } = signing;
  const isRpc = operation.path === undefined;
  const { bodyHash = hashOfNothing } = encoded;
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
  return andThen(signV3(signable, credentials), ({ signature, authorization, stringToSign }) => {
    headers.authorization = authorization;
    return signedRequest(toHttp(signing, encoded, sent, headers), signing, signature, () => ({
      stringToSign,
      canonicalRequest: canonicalV3(signable).canonicalRequest,
    }));
  });
}

/** An origin has nothing behind its host. */
function hostOf(origin: string): string {
  return origin.slice(origin.indexOf('//') + 2);
}

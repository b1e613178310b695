/** The older RPC protocol: all that V3 says in headers stands in the query, and so does the signature. */
import { canonicalQuery } from '../codec/percent-encode.js';
import { rpcStringToSign, signRpcV1 } from './v1.js';
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

export function signedRpcV1(encoded: EncodedRequest, signing: Signing): SignedRequest {
  const { operation, credentials, timestamp, nonce } = signing;
  const query = new Map([
    ...encoded.query,
    ['Action', operation.action],
    ['Format', 'json'],
    ['Version', operation.service.version],
    ['Timestamp', timestamp],
    ['SignatureNonce', nonce],
  ]);
  const headers = { ...encoded.headers, ...commonHeaders(signing) };
  let signature: string | undefined;
  let signed: SignedRequest['signed'];
  if (credentials !== undefined && 'bearerToken' in credentials) {
    query.set('BearerToken', credentials.bearerToken);
    query.set('SignatureType', 'BEARERTOKEN');
  } else if (credentials !== undefined && 'idToken' in credentials) {
    Object.assign(headers, tokenHeaders(credentials));
  } else if (credentials !== undefined) {
    const { accessKeyId, accessKeySecret, securityToken } = credentials;
    if (securityToken !== undefined) query.set('SecurityToken', securityToken);
    query.set('SignatureMethod', 'HMAC-SHA1');
    query.set('SignatureVersion', '1.0');
    query.set('AccessKeyId', accessKeyId);
    const method = methodOf(operation);
    const parameters = new Map([...query, ...(encoded.form ?? [])]);
    signature = signRpcV1(method, parameters, accessKeySecret);
    query.set('Signature', signature);
    signed = () => ({ stringToSign: rpcStringToSign(method, parameters) });
  }
  return signedRequest(toHttp(signing, encoded, canonicalQuery(query), headers), signing, signature, signed);
}

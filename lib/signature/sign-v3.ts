/** ACS3-HMAC-SHA256, for RPC and ROA calls alike. */
import { digest, hmacWith } from '#digest';
import { templates } from '#templates';
import { canonicalQuery } from '../codec/percent-encode.js';
import type { EncodedRequest } from '../codec/encode.js';
import { andThen, type Eventual } from '../platform/eventual.js';
import { commonHeaders, methodOf, signedRequest, toHttp, tokenHeaders, type Signer, type Signing } from './signing.js';
import type { Template } from './template.js';
import { signableHeaders, signV3 } from './v3.js';

/** SHA-256 of no bytes at all. */
const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** SHA-256 of the body in hex. */
export function bodyHashOf({ body, bodyHash }: EncodedRequest): Eventual<string> {
  return bodyHash ?? (body === undefined ? hashOfNothing : digest(body));
}

/** The headers of each request. */
const varying = ['x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce'];

/** Signs the requests of one client, whose user agent stays the same. `bodyHash` is that of the encoded request. */
export function v3Signer(): Signer {
  const templateFor = templates(templateOf);
  return (encoded, signing) => {
    const { operation, credentials, timestamp, nonce } = signing;
    const template = templateFor(encoded, signing);
    const { bodyHash = hashOfNothing } = encoded;
    const headers = { ...template.headers };
    headers['x-acs-date'] = timestamp;
    headers['x-acs-signature-nonce'] = nonce;
    headers['x-acs-content-sha256'] = bodyHash;
    const sent = canonicalQuery(queryOf(encoded, signing));
    if (credentials === undefined || !('accessKeyId' in credentials)) {
      return signedRequest(toHttp(signing, encoded, sent, headers), signing);
    }
    const signable = { method: methodOf(operation), path: encoded.path, query: sent, headers, bodyHash };
    return andThen(signV3(signable, credentials, template.signable, template.hmac), (signed) => {
      headers.authorization = signed.authorization;
      return signedRequest(toHttp(signing, encoded, sent, headers), signing, signed.signature, () => signed);
    });
  };
}

function templateOf(encoded: EncodedRequest, signing: Signing): Template {
  const { operation, origin, credentials } = signing;
  const secret =
    credentials !== undefined && 'accessKeySecret' in credentials ? credentials.accessKeySecret : undefined;
  const isTyped = operation.path !== undefined && credentials !== undefined && 'bearerToken' in credentials;
  const headers = {
    ...encoded.headers,
    ...commonHeaders(signing),
    accept: 'application/json',
    ...tokenHeaders(credentials),
    ...(isTyped ? { 'x-acs-signature-type': 'BEARERTOKEN' } : {}),
    ...Object.fromEntries(varying.map((name) => [name, ''])),
    ...(secret === undefined ? {} : { authorization: '' }),
  };
  return {
    origin,
    own: encoded.headers,
    credentials,
    headers,
    signable: signableHeaders({ ...headers, host: hostOf(origin) }, varying),
    hmac: secret === undefined ? undefined : hmacWith(secret),
  };
}

/** Of RPC, what is not signed has more in it. */
function queryOf({ query }: EncodedRequest, { operation, credentials }: Signing): EncodedRequest['query'] {
  if (operation.path !== undefined) return query;
  if (credentials === undefined) return new Map([...query, ['Format', 'json']]);
  return 'bearerToken' in credentials ? new Map([...query, ['SignatureType', 'BEARERTOKEN']]) : query;
}

/** An origin has nothing behind its host. */
function hostOf(origin: string): string {
  return origin.slice(origin.indexOf('//') + 2);
}

/**
 * The older signatures, with HMAC-SHA1, verified by the server's own reading of the rules: nothing here is shared with
 * the client's signers, so that a mistake in one shows in the other.
 */
import { hmacSha1Base64 } from '#sha1';
import { apiError, missingParameter, signatureMismatch } from './api-error.js';
import type { CredentialStore, StoredCredentials } from './credentials.js';
import { percentEncode } from './percent-encode.js';
import { bodyText, parameter, parseParameters, type Parameter, type ParsedRequest } from './wire.js';

/** An RPC call in the older protocol: what others say in headers stands in the query. */
export function isRpcV1({ query }: ParsedRequest): boolean {
  return parameter(query, 'Signature') !== undefined || parameter(query, 'SignatureMethod') !== undefined;
}

/** Whose request it is; throws as the service refuses where the signature isn't theirs. */
export function verifyRpcV1(request: ParsedRequest, credentials: CredentialStore): StoredCredentials {
  for (const [name, expected] of [
    ['SignatureMethod', 'HMAC-SHA1'],
    ['SignatureVersion', '1.0'],
  ] as const) {
    const given = required(request.query, name);
    if (given !== expected) throw apiError(400, `Invalid${name}`, `${name} must be ${expected}, not ${given}.`);
  }
  const caller = find(credentials, required(request.query, 'AccessKeyId'));
  const claimed = required(request.query, 'Signature');
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const signed = [
    ...request.query.filter(([name]) => name !== 'Signature'),
    ...(isForm ? parseParameters(bodyText(request)) : []),
  ];
  const pairs = signed.map(([name, value]) => ({ name, pair: `${percentEncode(name)}=${percentEncode(value)}` }));
  const canonical = pairs.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ pair }) => pair);
  const text = `${request.method}&%2F&${percentEncode(canonical.join('&'))}`;
  if (hmacSha1Base64(`${caller.accessKeySecret}&`, text) !== claimed) {
    throw signatureMismatch(`string to sign is:${text}`);
  }
  return caller;
}

const scheme = 'acs ';

/** A ROA call in the older protocol. */
export function isRoaV1({ headers }: ParsedRequest): boolean {
  return headers.authorization?.startsWith(scheme) === true;
}

/** Whose request it is; throws as the service refuses where the signature isn't theirs. */
export function verifyRoaV1(request: ParsedRequest, credentials: CredentialStore): StoredCredentials {
  const { headers, method, path } = request;
  const [accessKeyId = '', claimed] = (headers.authorization ?? '').slice(scheme.length).split(':');
  if (!accessKeyId || !claimed) {
    throw apiError(
      400,
      'IncompleteSignature',
      'Authorization must be acs, the access key id, a colon and the signature.',
    );
  }
  const caller = find(credentials, accessKeyId);
  let text = `${method}\n`;
  for (const name of ['accept', 'content-md5', 'content-type', 'date']) text += `${headers[name] ?? ''}\n`;
  for (const name of Object.keys(headers).sort()) {
    if (name.startsWith('x-acs-')) text += `${name}:${(headers[name] ?? '').replaceAll(/[\t\n\r\f]/g, ' ').trim()}\n`;
  }
  const query = [...request.query].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  text += query.length === 0 ? path : `${path}?${query.join('&')}`;
  if (hmacSha1Base64(caller.accessKeySecret, text) !== claimed) {
    throw signatureMismatch(`string to sign is:${text}`);
  }
  return caller;
}

function find(credentials: CredentialStore, accessKeyId: string): StoredCredentials {
  const caller = credentials.find(accessKeyId);
  if (caller === undefined) throw apiError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  return caller;
}

function required(parameters: readonly Parameter[], name: string): string {
  const value = parameter(parameters, name);
  if (!value) throw missingParameter(name);
  return value;
}

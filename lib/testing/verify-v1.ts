/**
 * The older signatures, with HMAC-SHA1, verified by the server's own reading of the rules: nothing here is shared with
 * the client's signers, so that a mistake in one shows in the other.
 */
import { hmacSha1Base64, md5Base64 } from '#sha1';
import { apiError, missingParameter, signatureMismatch } from './api-error.js';
import type { CredentialStore, StoredCredentials } from './credentials.js';
import { percentEncode } from './percent-encode.js';
import { roaV1Scheme } from './common-parameters.js';
import { parameter, rpcParameters, type Parameter, type ParsedRequest } from './wire.js';

/** Whose request it is; throws as the service refuses where the signature isn't theirs. */
export function verifyRpcV1(request: ParsedRequest, credentials: CredentialStore): StoredCredentials {
  const parameters = rpcParameters(request);
  for (const [name, expected] of [
    ['SignatureMethod', 'HMAC-SHA1'],
    ['SignatureVersion', '1.0'],
  ] as const) {
    const given = required(parameters, name);
    if (given !== expected) throw apiError(400, `Invalid${name}`, `${name} must be ${expected}, not ${given}.`);
  }
  const caller = find(credentials, required(parameters, 'AccessKeyId'));
  const claimed = required(parameters, 'Signature');
  const signed = parameters.filter(([name]) => name !== 'Signature');
  const canonical = sorted(signed).map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  const text = `${request.method}&%2F&${percentEncode(canonical.join('&'))}`;
  if (hmacSha1Base64(`${caller.accessKeySecret}&`, text) !== claimed) {
    throw signatureMismatch(`string to sign is:${text}`);
  }
  return caller;
}

/** Whose request it is; throws as the service refuses where the signature isn't theirs. */
export function verifyRoaV1(request: ParsedRequest, credentials: CredentialStore): StoredCredentials {
  const { headers, method, path } = request;
  const [accessKeyId = '', claimed] = (headers.authorization ?? '').slice(roaV1Scheme.length).split(':');
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
  const query = sorted(request.query).map(([name, value]) => `${name}=${value}`);
  text += query.length === 0 ? path : `${path}?${query.join('&')}`;
  if (hmacSha1Base64(caller.accessKeySecret, text) !== claimed) {
    throw signatureMismatch(`string to sign is:${text}`);
  }
  // The hash is signed, and the body by nothing else.
  const hash = headers['content-md5'];
  if (hash !== undefined && hash !== md5Base64(request.body)) {
    throw apiError(400, 'InvalidDigest', 'The Content-MD5 that was sent is not that of the body.');
  }
  return caller;
}

function sorted(parameters: readonly Parameter[]): readonly Parameter[] {
  return [...parameters].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
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

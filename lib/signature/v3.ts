/** ACS3-HMAC-SHA256, the signature of RPC and ROA calls alike. */
import { digest, hmacWith } from '#digest';
import { andThen, type Eventual } from '../platform/eventual.js';

export interface SignableRequest {
  readonly method: string;
  /** The path as it is sent. */
  readonly path: string;
  /** The canonical query. */
  readonly query: string;
  /** All headers, `host` included, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex; of the empty string where there is none. */
  readonly bodyHash: string;
}

export interface SigningKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

const algorithm = 'ACS3-HMAC-SHA256';

/** A signature, the value of the `authorization` header with it, and what was signed. */
export interface SignatureV3 {
  readonly signature: string;
  readonly authorization: string;
  readonly stringToSign: string;
  readonly canonicalRequest: string;
}

export function signV3(
  request: SignableRequest,
  key: SigningKey,
  headers = signableHeaders(request.headers),
  hmac = hmacWith(key.accessKeySecret),
): Eventual<SignatureV3> {
  const canonicalRequest = canonicalV3(request, headers);
  return andThen(digest(canonicalRequest), (hash) => {
    const stringToSign = stringToSignV3(hash);
    return andThen(hmac(stringToSign), (signature) => {
      const authorization = authorizationV3(key, headers.names, signature);
      return { signature, authorization, stringToSign, canonicalRequest };
    });
  });
}

/** The headers of a request as they are signed, but for some that differ from request to request. */
export interface SignableHeaders {
  /** Of all that are signed, in order. */
  readonly names: string;
  /** Those that differ, in order. */
  readonly varying: readonly string[];
  /** What stands before each of these, and behind the last one. */
  readonly text: readonly string[];
}

/** `varying`: the names, in order, of those that are left out until a request is signed, whose values stand for any. */
export function signableHeaders(
  headers: Readonly<Record<string, string>>,
  varying: readonly string[] = [],
): SignableHeaders {
  const names = Object.keys(headers).filter(isSigned).sort();
  // HTTP allows no NUL in a header.
  const lines = names.map((name) => `${name}:${varying.includes(name) ? '\0' : headers[name]?.trim()}\n`);
  return { names: names.join(';'), varying, text: lines.join('').split('\0') };
}

/** The request as it is hashed. */
export function canonicalV3(
  { method, path, query, bodyHash, headers: values }: SignableRequest,
  { names, varying, text } = signableHeaders(values),
): string {
  let lines = text[0] ?? '';
  for (let at = 0; at < varying.length; at++) lines += `${values[varying[at] ?? '']?.trim()}${text[at + 1]}`;
  return `${method}\n${canonicalPath(path)}\n${query}\n${lines}\n${names}\n${bodyHash}`;
}

/** `hash` is the SHA-256 of the canonical request in hex. */
export function stringToSignV3(hash: string): string {
  return `${algorithm}\n${hash}`;
}

/** The value of the `authorization` header. */
export function authorizationV3({ accessKeyId }: SigningKey, signedHeaders: string, signature: string): string {
  return `${algorithm} Credential=${accessKeyId},SignedHeaders=${signedHeaders},Signature=${signature}`;
}

function isSigned(name: string): boolean {
  return name.startsWith('x-acs-') || name === 'host' || name === 'content-type';
}

function canonicalPath(path: string): string {
  // That of every RPC call.
  if (path === '/') return path;
  return path.replace(/\+/g, '%20').replace(/\*/g, '%2A').replace(/%7E/g, '~');
}

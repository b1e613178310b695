/** ACS3-HMAC-SHA256, the signature of RPC and ROA calls alike. */
import { digest, hmac } from '#digest';
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
}

export function signV3(request: SignableRequest, key: SigningKey): Eventual<SignatureV3> {
  const { canonicalRequest, signedHeaders } = canonicalV3(request);
  return andThen(digest(canonicalRequest), (hash) => {
    const stringToSign = stringToSignV3(hash);
    return andThen(hmac(key.accessKeySecret, stringToSign), (signature) => {
      return { signature, authorization: authorizationV3(key, signedHeaders, signature), stringToSign };
    });
  });
}

/** The request as it is hashed, and the names of the headers in it. */
export function canonicalV3(request: SignableRequest): {
  readonly canonicalRequest: string;
  readonly signedHeaders: string;
} {
  const names = Object.keys(request.headers).filter(isSigned).sort();
  const signedHeaders = names.join(';');
  let lines = '';
  for (const name of names) lines += `${name}:${request.headers[name]?.trim()}\n`;
  const { method, path, query, bodyHash } = request;
  const canonicalRequest = `${method}\n${canonicalPath(path)}\n${query}\n${lines}\n${signedHeaders}\n${bodyHash}`;
  return { canonicalRequest, signedHeaders };
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

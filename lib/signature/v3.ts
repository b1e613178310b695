/** ACS3-HMAC-SHA256, the signature of RPC and ROA calls alike. */
import { hmacSha256Hex, sha256Hex } from '#sha256';

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

/** The value of the `authorization` header. */
export function signV3(request: SignableRequest, key: SigningKey): string {
  const { signedHeaders, stringToSign } = canonicalV3(request);
  const signature = hmacSha256Hex(key.accessKeySecret, stringToSign);
  return `${algorithm} Credential=${key.accessKeyId},SignedHeaders=${signedHeaders},Signature=${signature}`;
}

/** What is signed. */
export function canonicalV3(request: SignableRequest): {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signedHeaders: string;
} {
  const names = Object.keys(request.headers).filter(isSigned).sort();
  const signedHeaders = names.join(';');
  let lines = '';
  for (const name of names) lines += `${name}:${request.headers[name]?.trim()}\n`;
  const { method, path, query, bodyHash } = request;
  const canonicalRequest = `${method}\n${canonicalPath(path)}\n${query}\n${lines}\n${signedHeaders}\n${bodyHash}`;
  return { canonicalRequest, stringToSign: `${algorithm}\n${sha256Hex(canonicalRequest)}`, signedHeaders };
}

function isSigned(name: string): boolean {
  return name.startsWith('x-acs-') || name === 'host' || name === 'content-type';
}

function canonicalPath(path: string): string {
  // That of every RPC call.
  if (path === '/') return path;
  return path.replace(/\+/g, '%20').replace(/\*/g, '%2A').replace(/%7E/g, '~');
}

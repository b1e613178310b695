/** HMAC-SHA1, the older signature: one for RPC calls, one for ROA calls. */
import { hmacSha1Base64 } from '#sha1';
import { canonicalQuery, percentEncode } from '../codec/percent-encode.js';

/** The `Signature` parameter of an RPC call. `parameters` are those of the query and of the form together. */
export function signRpcV1(method: string, parameters: ReadonlyMap<string, string>, accessKeySecret: string): string {
  return hmacSha1Base64(`${accessKeySecret}&`, rpcStringToSign(method, parameters));
}

/** What is signed of an RPC call. */
export function rpcStringToSign(method: string, parameters: ReadonlyMap<string, string>): string {
  return `${method}&${percentEncode('/')}&${percentEncode(canonicalQuery(parameters))}`;
}

export interface SignableRoaRequest {
  readonly method: string;
  /** The path as it is sent. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The signature of a ROA call, without what stands before it in the `authorization` header. */
export function signRoaV1(request: SignableRoaRequest, accessKeySecret: string): string {
  return hmacSha1Base64(accessKeySecret, roaStringToSign(request));
}

/** What is signed of a ROA call. */
export function roaStringToSign({ method, path, query, headers }: SignableRoaRequest): string {
  const signedHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-acs-'))
    .sort()
    .map((name) => `${name}:${onOneLine(headers[name] ?? '')}`);
  return [
    method,
    ...['accept', 'content-md5', 'content-type', 'date'].map((name) => headers[name] ?? ''),
    ...signedHeaders,
    resource(path, query),
  ].join('\n');
}

function onOneLine(value: string): string {
  return value.replace(/[\t\n\r\f]/g, ' ').trim();
}

/** Unlike everywhere else, the query is signed without being encoded. */
function resource(path: string, query: ReadonlyMap<string, string>): string {
  const parameters = [...query].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map((pair) => pair.join('='));
  return parameters.length === 0 ? path : `${path}?${parameters.join('&')}`;
}

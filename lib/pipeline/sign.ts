/** The signing stage: puts the common headers on a request, and the signature. */
import { sha256Hex } from '#platform';
import type { Credentials } from '../credentials/credentials.js';
import type { AnyOperation } from '../service.js';
import { canonicalQuery } from '../signature/percent-encode.js';
import { signV3 } from '../signature/v3.js';
import type { HttpRequest } from '../transport/transport.js';
import type { EncodedRequest } from './encode.js';

export interface Signing {
  readonly operation: AnyOperation;
  readonly origin: string;
  /** Absent for an anonymous operation. */
  readonly credentials: Credentials | undefined;
  readonly userAgent: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly nonce: string;
}

export interface SignedRequest {
  readonly http: HttpRequest;
  /** What no error may show of it. */
  readonly secrets: readonly string[];
}

export function sign(encoded: EncodedRequest, signing: Signing): SignedRequest {
  return signing.operation.protocol === 'V1' ? anonymousV1(encoded, signing) : v3(encoded, signing);
}

function v3(
  encoded: EncodedRequest,
  { operation, origin, credentials, userAgent, now, nonce }: Signing,
): SignedRequest {
  const method = operation.method ?? 'POST';
  const isRpc = operation.path === undefined;
  const query = new Map(encoded.query);
  const bodyHash = sha256Hex(encoded.body ?? '');
  const headers: Record<string, string> = {
    ...encoded.headers,
    ...commonHeaders(operation, userAgent),
    accept: 'application/json',
    'x-acs-date': timestamp(now),
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': bodyHash,
  };
  const secrets: string[] = [];
  if (credentials?.providerName !== undefined) headers['x-acs-credentials-provider'] = credentials.providerName;
  if (credentials === undefined) {
    if (isRpc) query.set('Format', 'json');
  } else if ('bearerToken' in credentials) {
    headers['x-acs-bearer-token'] = credentials.bearerToken;
    if (isRpc) query.set('SignatureType', 'BEARERTOKEN');
    else headers['x-acs-signature-type'] = 'BEARERTOKEN';
    secrets.push(credentials.bearerToken);
  } else if (credentials.securityToken !== undefined) {
    headers['x-acs-accesskey-id'] = credentials.accessKeyId;
    headers['x-acs-security-token'] = credentials.securityToken;
    secrets.push(credentials.securityToken);
  }
  const sent = canonicalQuery(query);
  if (credentials !== undefined && 'accessKeyId' in credentials) {
    const signable = {
      method,
      path: encoded.path,
      query: sent,
      headers: { ...headers, host: new URL(origin).host },
      bodyHash,
    };
    headers.authorization = signV3(signable, credentials);
    // The signature ends the header.
    secrets.push(credentials.accessKeySecret, headers.authorization.slice(-64));
  }
  return { http: toHttp(origin, encoded, method, sent, headers), secrets };
}

/** The older RPC protocol, as far as unsigned operations need it. */
function anonymousV1(encoded: EncodedRequest, { operation, origin, userAgent, now, nonce }: Signing): SignedRequest {
  const query = new Map([
    ...encoded.query,
    ['Action', operation.action],
    ['Format', 'json'],
    ['Version', operation.service.version],
    ['Timestamp', timestamp(now)],
    ['SignatureNonce', nonce],
  ]);
  const headers = { ...encoded.headers, ...commonHeaders(operation, userAgent) };
  return { http: toHttp(origin, encoded, operation.method ?? 'POST', canonicalQuery(query), headers), secrets: [] };
}

function commonHeaders({ action, service }: AnyOperation, userAgent: string | undefined): Record<string, string> {
  return {
    'x-acs-action': action,
    'x-acs-version': service.version,
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
  };
}

function toHttp(
  origin: string,
  { path, body }: EncodedRequest,
  method: string,
  query: string,
  headers: Readonly<Record<string, string>>,
): HttpRequest {
  return { method, url: `${origin}${path}${query === '' ? '' : `?${query}`}`, headers, body };
}

/** `2026-01-31T08:00:00Z` */
function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

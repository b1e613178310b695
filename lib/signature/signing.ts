/** What the protocols have in common. */
import type { Credentials } from '../credentials/credentials.js';
import type { Attempt } from '../errors.js';
import type { Eventual } from '../platform/eventual.js';
import type { AnyOperation } from '../service.js';
import type { CallSettings } from '../settings.js';
import type { Signed } from './mismatch.js';
import type { HttpRequest } from '../transport/transport.js';
import type { EncodedRequest } from '../codec/encode.js';
import type { Writing } from '../codec/writing.js';

export interface Signing {
  readonly operation: AnyOperation;
  /** As the caller has given it. */
  readonly request: unknown;
  readonly protocol: Writing;
  readonly origin: string;
  /** Absent for an anonymous operation. */
  readonly credentials: Credentials | undefined;
  readonly limits: Limits;
  readonly userAgent: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The same as `2026-01-31T08:00:00Z`. */
  readonly timestamp: string;
  readonly nonce: string;
  /** Those that went before. */
  readonly attempts: readonly Attempt[];
}

/** What a transport has to keep to. */
export type Limits = Pick<CallSettings, 'connectTimeout' | 'readTimeout' | 'maxResponseSize'>;

export interface SignedRequest {
  readonly http: HttpRequest;
  /** Whose fields it has, some of which may be secret; `undefined` where it has nothing to hide. */
  readonly product?: string;
  readonly signature?: string | undefined;
  /** What was signed, where a signature was made: to compare with what the server has read. */
  readonly signed?: (() => Signed) | undefined;
}

export type Signer = (encoded: EncodedRequest, signing: Signing) => Eventual<SignedRequest>;

/** The headers of every protocol. */
export function commonHeaders({ operation, userAgent, credentials, attempts }: Signing): Record<string, string> {
  const { action, service } = operation;
  const last = attempts.at(-1);
  return {
    'x-acs-action': action,
    'x-acs-version': service.version,
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
    ...(credentials?.providerName === undefined ? {} : { 'x-acs-credentials-provider': credentials.providerName }),
    ...(last && { 'x-acs-retry-attempts': String(attempts.length), 'x-acs-retry-delay': String(last.wait ?? 0) }),
  };
}

/** What goes beside a signature in headers, or in the place of one. */
export function tokenHeaders(credentials: Credentials | undefined): Record<string, string> {
  if (credentials === undefined) return {};
  if ('bearerToken' in credentials) return { 'x-acs-bearer-token': credentials.bearerToken };
  if ('idToken' in credentials) return { 'x-acs-zero-trust-idtoken': credentials.idToken };
  const { accessKeyId, securityToken } = credentials;
  return securityToken === undefined
    ? {}
    : { 'x-acs-accesskey-id': accessKeyId, 'x-acs-security-token': securityToken };
}

/** The request, and what errors of it are read with. */
export function signedRequest(
  http: HttpRequest,
  { operation }: Signing,
  signature?: string,
  signed?: SignedRequest['signed'],
): SignedRequest {
  return { http, product: operation.service.product, signature, signed };
}

export function toHttp(
  { origin, operation, request, nonce, limits: { connectTimeout, readTimeout, maxResponseSize } }: Signing,
  { path, body }: EncodedRequest,
  query: string,
  headers: Readonly<Record<string, string>>,
): HttpRequest {
  const { responseType } = operation;
  return {
    method: methodOf(operation),
    url: `${origin}${path}${query === '' ? '' : `?${query}`}`,
    headers,
    body,
    connectTimeout,
    readTimeout,
    maxResponseSize,
    call: { operation, request },
    attemptId: nonce,
    responseType: responseType === 'bytes' ? responseType : undefined,
  };
}

export function methodOf({ method = 'POST' }: AnyOperation): string {
  return method;
}

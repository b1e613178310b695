import { messageOf, NetworkError } from '../errors.js';

/** With whom a request failed. */
export interface Peer {
  /** The scheme, host and port that the request is for. */
  readonly origin: string;
  /** The host and port of the proxy, where it is the proxy that failed. */
  readonly proxy?: string | undefined;
}

/** Says what the system's code means. `cause` is what the system threw. */
export function networkFailure({ origin, proxy }: Peer, code: string | undefined, cause: unknown): NetworkError {
  const message = proxy === undefined ? ofServer(origin, code, cause) : ofProxy(proxy, code, cause);
  return new NetworkError(message, origin, code, { cause });
}

function ofServer(origin: string, code: string | undefined, cause: unknown): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host ${hostOf(origin)} was not found (${code}): check the region id or the endpoint`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${origin} closed the connection before the whole answer had come (${code})`;
    default:
      return ofEither(origin, code) ?? `The request to ${origin} failed: ${reasonOf(cause, code)}`;
  }
}

/** A request that was for a path has no origin. */
function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin;
}

function ofProxy(proxy: string, code: string | undefined, cause: unknown): string {
  const who = `The proxy ${proxy}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${who} was not found (${code})`;
  return ofEither(who, code) ?? `${who} could not be used: ${reasonOf(cause, code)}`;
}

function ofEither(who: string, code: string | undefined): string | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return `${who} refused the connection (${code}): nothing listens there`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `${who} closed the connection (${code})`;
    case 'ETIMEDOUT':
      return `${who} did not answer (${code})`;
    case 'CERT_HAS_EXPIRED':
      return `${who} shows a certificate that has expired (${code})`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `${who} shows a certificate for another host (${code}): check the endpoint`;
    default:
      if (code === undefined || !isUntrusted(code)) return undefined;
      return `${who} shows a certificate that is not trusted (${code}): set tls.ca to the certificate of its authority`;
  }
}

/** The codes by which OpenSSL says that no authority it trusts has signed a certificate. */
function isUntrusted(code: string): boolean {
  return /SELF_SIGNED_CERT|^UNABLE_TO_(GET|VERIFY)|^CERT_(UNTRUSTED|SIGNATURE_FAILURE)$/.test(code);
}

function reasonOf(cause: unknown, code: string | undefined): string {
  const { message, errors } = (cause ?? {}) as { message?: unknown; errors?: readonly unknown[] };
  // Where a host has several addresses, each may have failed, and all together say nothing.
  const text = message === '' && errors !== undefined ? messageOf(errors[0]) : message;
  return `${typeof text === 'string' ? text : messageOf(cause)}${code === undefined ? '' : ` (${code})`}`;
}

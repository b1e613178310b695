import { messageOf, NetworkError } from '../../errors.js';
import type { Peer } from '../network-failure.js';

interface Page {
  readonly navigator?: { readonly onLine?: boolean };
  readonly location?: { readonly origin?: string };
}

/** The twin of `../network-failure.ts`: why a request has failed, a browser keeps to itself. */
export function networkFailure({ origin }: Peer, code: string | undefined, cause: unknown): NetworkError {
  const { message = messageOf(cause) } = (cause ?? {}) as { message?: unknown };
  const text = `The request to ${origin} failed: ${String(message)}${code === undefined ? '' : ` (${code})`}`;
  return new NetworkError(code === 'ERR_NETWORK' ? text + likelyReason(origin) : text, origin, code, { cause });
}

function likelyReason(origin: string): string {
  const { navigator, location } = globalThis as Page;
  if (navigator?.onLine === false) return '. This device is offline';
  const page = location?.origin;
  if (page === undefined || page === origin) return '';
  return `. Most likely the server does not answer pages of ${page} (CORS), or can't be reached`;
}

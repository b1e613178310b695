import { messageOf, NetworkError } from '../../errors.js';
import type { Peer } from '../network-failure.js';

/** The twin of `../network-failure.ts`: why a request has failed, a browser keeps to itself. */
export function networkFailure({ origin }: Peer, code: string | undefined, cause: unknown): NetworkError {
  const { message = messageOf(cause) } = (cause ?? {}) as { message?: unknown };
  const told = `The request to ${origin} failed: ${String(message)}${code === undefined ? '' : ` (${code})`}`;
  return new NetworkError(told, origin, code, { cause });
}

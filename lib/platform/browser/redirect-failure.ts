import type { AdapterConfig } from '../connections.js';
import { failureOf } from '../failure.js';
import { networkFailure } from './network-failure.js';

/** A browser does not tell a page where a redirect leads. */
export function redirectFailure(origin: string, config: AdapterConfig): Error {
  const reason = 'it redirects elsewhere, which is not followed: check the endpoint';
  return failureOf(networkFailure({ origin }, 'ERR_REDIRECT', reason), config);
}

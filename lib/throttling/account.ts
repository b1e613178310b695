import type { Credentials } from '../credentials/credentials.js';
import { tokenOf } from '../credentials/read-credentials.js';
import type { RateLimiter } from './rate-limiter.js';

/** Whose quota the credentials' calls are counted against. Apart from the limiter, as pages that call through a gateway have none. */
export function accountOf(rateLimiter: RateLimiter, credentials: Credentials | undefined): string {
  const given = rateLimiter.accountOf?.(credentials);
  if (given !== undefined || credentials === undefined) return given ?? '';
  return 'accessKeyId' in credentials ? credentials.accessKeyId : (tokenOf(credentials) ?? '');
}

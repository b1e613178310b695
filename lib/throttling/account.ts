import type { Credentials } from '../credentials/credentials.js';
import { tokenOf } from '../credentials/read-credentials.js';
import type { RateLimiter } from './rate-limiter.js';

/** Whose quota the credentials' calls are counted against. Apart from the limiter, as pages that call through a gateway have none. */
export function accountOf({ options }: RateLimiter, credentials: Credentials | undefined): string {
  const { account, store } = options;
  if (typeof account === 'string') return account;
  if (credentials === undefined) return '';
  if (account !== undefined) return account(credentials);
  const isLasting = 'accessKeyId' in credentials && credentials.securityToken === undefined;
  if (store !== undefined && !isLasting) return 'temporary';
  return 'accessKeyId' in credentials ? credentials.accessKeyId : (tokenOf(credentials) ?? '');
}

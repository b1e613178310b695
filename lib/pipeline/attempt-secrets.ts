import { tokenOf, type Credentials } from '../credentials/credentials.js';
import type { Secrets } from '../masking/masking.js';
import { secretsIn } from '../masking/request-secrets.js';
import type { CurrentAttempt } from './current-attempt.js';

/** What is shorter is no credential, but something that a test uses, and may be part of any word. */
const shortestCredential = 8;

/** What no error and no event may show of an attempt: the credentials, the signature, and fields. Found when something is shown. */
export function secretsOf(attempt: CurrentAttempt): Secrets {
  const { signed, credentials } = attempt;
  if (signed?.product === undefined) return [];
  const { http, product, signature = '' } = signed;
  return () =>
    (attempt.secrets ??= [
      ...[...stringsIn(credentials), signature].filter(({ length }) => length >= shortestCredential),
      ...secretsIn(http, product),
    ]);
}

function stringsIn(credentials: Credentials | undefined): string[] {
  if (credentials === undefined) return [];
  if (!('accessKeyId' in credentials)) return [tokenOf(credentials) ?? ''];
  const { accessKeySecret, securityToken } = credentials;
  return securityToken === undefined ? [accessKeySecret] : [accessKeySecret, securityToken];
}

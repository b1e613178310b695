import type { Credentials } from '../credentials/credentials.js';
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

/** All but the id of an access key and the name of the provider. */
function stringsIn(credentials: Credentials | undefined): string[] {
  return Object.entries(credentials ?? {}).flatMap(([name, value]: [string, unknown]) =>
    name === 'accessKeyId' || name === 'providerName' || typeof value !== 'string' ? [] : [value],
  );
}

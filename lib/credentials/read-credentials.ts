/** What providers give. */
import { isAbsent, isObject } from '../schema/values.js';
import type { Credentials } from './credentials.js';
import { isCredential } from './is-credential.js';

/** What a provider has to give. */
export const credentialKinds =
  '{ accessKeyId, accessKeySecret, securityToken? }, { bearerToken } or { idToken }, non-empty strings of visible ASCII characters';

/**
 * The credentials in what a provider gave, which may be anything in plain JavaScript: members that are empty or missing, too.
 * `undefined` where nothing in it can sign.
 */
export function readCredentials(given: unknown): Credentials | undefined {
  if (!isObject(given)) return undefined;
  const { accessKeyId, accessKeySecret, securityToken, bearerToken, idToken, providerName } = given;
  const provider = isCredential(providerName) ? { providerName } : {};
  if (isCredential(bearerToken)) return { bearerToken, ...provider };
  if (isCredential(idToken)) return { idToken, ...provider };
  if (!isCredential(accessKeyId) || !isCredential(accessKeySecret)) return undefined;
  if (isAbsent(securityToken) || securityToken === '') return { accessKeyId, accessKeySecret, ...provider };
  return isCredential(securityToken) ? { accessKeyId, accessKeySecret, securityToken, ...provider } : undefined;
}

/** Those that stand in the place of a signature; `undefined` of an access key, which signs. */
export function tokenOf(credentials: Credentials): string | undefined {
  if ('bearerToken' in credentials) return credentials.bearerToken;
  return 'idToken' in credentials ? credentials.idToken : undefined;
}

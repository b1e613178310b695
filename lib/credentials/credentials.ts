import { of, type ObservableInput } from 'rxjs';
import { ConfigurationError } from '../errors.js';

/** An access key, with a security token where it is temporary. */
export interface AccessKeyCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
  /** The kind of provider that gave them, told to the server as the official SDKs do, such as `static_ak`. */
  readonly providerName?: string | undefined;
}

export interface BearerTokenCredentials {
  readonly bearerToken: string;
  /** As for an access key. */
  readonly providerName?: string | undefined;
}

/** A token of an identity provider that the cloud trusts; such calls are not signed. */
export interface IdTokenCredentials {
  readonly idToken: string;
  /** As for an access key. */
  readonly providerName?: string | undefined;
}

export type Credentials = AccessKeyCredentials | BearerTokenCredentials | IdTokenCredentials;

/**
 * Gives the credentials to sign a call with: any function will do. It is asked once for each call; of what it returns,
 * the first value counts.
 *
 * @example
 * const client = new EcsClient({ regionId: 'cn-hangzhou', credentials: () => fetchCredentials() }); // a Promise will do
 */
export interface CredentialsProvider {
  (): ObservableInput<Credentials>;
  /** What it has at hand and would give at once, else `undefined`: it is asked first, as that is cheaper. Only who keeps credentials needs it. */
  readonly current?: (() => Credentials | undefined) | undefined;
  /** Told that the server has refused these as expired, so that they are not given again. Only who keeps credentials needs it. */
  readonly invalidate?: ((used: Credentials) => void) | undefined;
}

/** A permanent access key. */
export function accessKey(accessKeyId: string, accessKeySecret: string): CredentialsProvider {
  return always({
    accessKeyId: required({ accessKeyId }),
    accessKeySecret: required({ accessKeySecret }),
    providerName: 'static_ak',
  });
}

/** A temporary access key from the Security Token Service. */
export function stsToken(accessKeyId: string, accessKeySecret: string, securityToken: string): CredentialsProvider {
  return always({
    accessKeyId: required({ accessKeyId }),
    accessKeySecret: required({ accessKeySecret }),
    securityToken: required({ securityToken }),
    providerName: 'static_sts',
  });
}

/** A bearer token, which stands in the place of a signature. */
export function bearerToken(token: string): CredentialsProvider {
  return always({ bearerToken: required({ bearerToken: token }) });
}

/** A token of an identity provider, which stands in the place of a signature. */
export function idToken(token: string): CredentialsProvider {
  return always({ idToken: required({ idToken: token }) });
}

/** Those that stand in the place of a signature; `undefined` of an access key, which signs. */
export function tokenOf(credentials: Credentials): string | undefined {
  if ('bearerToken' in credentials) return credentials.bearerToken;
  return 'idToken' in credentials ? credentials.idToken : undefined;
}

function always(credentials: Credentials): CredentialsProvider {
  const always$ = of(credentials);
  return Object.assign(() => always$, { current: () => credentials });
}

/** What goes into a header, and what signs. A secret read from a file comes with a line break, and no server says so. */
export function isCredential(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);
}

/** Whether a value can sign: plain JavaScript gives anything, members that are empty or missing too. */
export function isCredentials(value: unknown): value is Credentials {
  if (typeof value !== 'object' || value === null) return false;
  const given = value as Readonly<Record<string, unknown>>;
  const { accessKeyId, accessKeySecret, securityToken, bearerToken, idToken } = given;
  if (isCredential(bearerToken) || isCredential(idToken)) return true;
  const fits = securityToken === undefined || isCredential(securityToken);
  return fits && isCredential(accessKeyId) && isCredential(accessKeySecret);
}

/** Takes `{ name: value }`, so that the error can name the argument without anybody spelling it twice. */
function required(argument: Readonly<Record<string, string>>): string {
  const [path = '', value] = Object.entries<unknown>(argument)[0] ?? [];
  if (isCredential(value)) return value;
  throw new ConfigurationError({
    path,
    expected: 'a non-empty string of visible ASCII characters',
    received: inWords(value),
  });
}

/** A caller in plain JavaScript, or one reading an unset environment variable, passes anything. It is never shown. */
function inWords(value: unknown): string {
  if (value === '') return 'an empty string';
  if (typeof value === 'string') return 'a string with other characters in it';
  if (value === undefined || value === null) return 'nothing';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

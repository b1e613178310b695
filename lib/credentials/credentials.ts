import { of, type ObservableInput } from 'rxjs';
import { ConfigurationError } from '../errors.js';
import { describe } from '../schema/describe.js';
import { isCredential } from './is-credential.js';

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

function always(credentials: Credentials): CredentialsProvider {
  const always$ = of(credentials);
  return Object.assign(() => always$, { current: () => credentials });
}

/** Takes `{ name: value }`, so that the error can name the argument without anybody spelling it twice. */
function required(argument: Readonly<Record<string, string>>): string {
  const [path = '', value] = Object.entries<unknown>(argument)[0] ?? [];
  if (isCredential(value)) return value;
  throw new ConfigurationError({
    path,
    expected: 'a non-empty string of visible ASCII characters',
    // It is never shown.
    received: typeof value === 'string' && value !== '' ? 'a string with other characters in it' : describe(value),
  });
}

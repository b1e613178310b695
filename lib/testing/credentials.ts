/** Who may call: the credentials that were given, and the temporary ones that the emulated STS hands out. */
import type { Ids } from './ids.js';

export interface EmulatorCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Where it is given, calls must bring it along. */
  readonly securityToken?: string | undefined;
}

/** What an emulator accepts when no credentials are given: a pair that opens nothing anywhere else. */
export const emulatorCredentials = {
  accessKeyId: 'emulator-access-key-id',
  accessKeySecret: 'emulator-access-key-secret',
} as const satisfies EmulatorCredentials;

export interface StoredCredentials extends EmulatorCredentials {
  /** The access key of those whose account it is: all credentials that were had by it, however often, are of one account. */
  readonly account: string;
  /** When they cease to be valid, in ms; absent: never. */
  readonly expires?: number;
  /** The role that they stand for; absent: the account itself. */
  readonly role?: string;
}

export interface CredentialStore {
  find(accessKeyId: string): StoredCredentials | undefined;
  /** Hands out temporary credentials that are valid until `expires`. */
  issue(role: string, expires: number, account: string): StoredCredentials & { readonly securityToken: string };
  /** The temporary ones, the oldest first. */
  issued(): readonly StoredCredentials[];
  /** Puts these in their place. */
  putBack(issued: readonly StoredCredentials[]): void;
}

/** How many temporary credentials are kept: the oldest are forgotten first, so that a long run stays small. */
const limit = 10_000;

export function createCredentialStore(given: readonly EmulatorCredentials[], ids: Ids): CredentialStore {
  const permanent = new Map<string, StoredCredentials>(
    given.map((each) => [each.accessKeyId, { ...each, account: each.accessKeyId }]),
  );
  const issued = new Map<string, StoredCredentials>();
  return {
    find: (accessKeyId) => permanent.get(accessKeyId) ?? issued.get(accessKeyId),
    issue(role, expires, account) {
      const credentials = {
        accessKeyId: `STS.${ids.token(24)}`,
        accessKeySecret: ids.token(44),
        securityToken: ids.token(64),
        expires,
        role,
        account,
      };
      const [oldest] = issued.keys();
      if (oldest !== undefined && issued.size >= limit) issued.delete(oldest);
      issued.set(credentials.accessKeyId, credentials);
      return credentials;
    },
    issued: () => [...issued.values()],
    putBack(all) {
      issued.clear();
      for (const one of all) issued.set(one.accessKeyId, one);
    },
  };
}

import { map } from 'rxjs';
import type { CredentialsProvider } from '../credentials/credentials.js';
import { checkOption, checkOptions, ofType } from '../schema/options.js';
import { assumeRole } from '../services/sts.js';
import { assumed, ofRoles, sharedFields, type RoleOptions } from './assume.js';
import { transportOf } from './http.js';
import { text } from './options.js';
import { refreshing } from './refreshing.js';
import { nested, noting } from './renamed.js';
import { explained } from './unavailable.js';

export interface RamRoleArnOptions extends RoleOptions {
  /** Such as `acs:ram::1234567890123456:role/reader`. */
  readonly roleArn: string;
  /** Who takes on the role: any provider, so that a role can take on another. */
  readonly credentials: CredentialsProvider;
  /** What the role's owner asks of those who take it on. */
  readonly externalId?: string | undefined;
}

/**
 * The temporary credentials of a RAM role.
 *
 * @example
 * const reader = ramRoleArn({ roleArn: 'acs:ram::1234567890123456:role/reader', credentials: accessKey(id, secret) });
 * @throws ConfigurationError where an option can't work.
 */
export function ramRoleArn(options: RamRoleArnOptions): CredentialsProvider {
  checkOptions(options, { ...ofRoles, roleArn: text, credentials: ofType('function'), externalId: text });
  checkOption('roleArn', options.roleArn, text);
  checkOption('credentials', options.credentials, ofType('function'));
  const { roleArn, externalId, clock } = options;
  const transport = transportOf(options.transport);

  return refreshing(
    () => {
      const source = noting(options.credentials);
      const request = {
        RoleArn: roleArn,
        ...sharedFields(options),
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
      };
      return assumed((client) => client.call(assumeRole, request), options, {
        transport,
        credentials: source.provider,
      }).pipe(
        map((credentials) => ({ ...credentials, providerName: nested('ram_role_arn', source.name()) })),
        explained(`the role ${roleArn} could not be taken on`),
      );
    },
    { clock },
  );
}

/** The modes of the CLI's profiles: each is one of the providers, or a login of the CLI's own. */
import { accessKey, bearerToken, stsToken, type CredentialsProvider } from '../credentials/credentials.js';
import { cloudSso, oauth } from './cli-logins.js';
import { credentialsUri } from './credentials-uri.js';
import { ecsRamRole } from './ecs-ram-role.js';
import { external } from './external.js';
import { oidcRole } from './oidc-role.js';
import type { ProviderOptions } from './options.js';
import { ramRoleArn } from './ram-role-arn.js';
import { roleSettings } from './role-settings.js';
import type { Section } from './section.js';
import { unavailable } from './unavailable.js';

export interface ModeContext {
  /** Another profile of the same file. */
  readonly profile: (name: string) => Section;
  /** The profiles that led here, from the first. */
  readonly path: readonly string[];
  readonly how: ProviderOptions;
}

export function providerOfMode(section: Section, context: ModeContext): CredentialsProvider {
  const mode = section.needed('mode');
  // The CLI takes them in any case.
  const known = Object.keys(modes).find((name) => name.toLowerCase() === mode.toLowerCase());
  const make = known === undefined ? undefined : modes[known];
  if (make !== undefined) return make(section, context);
  throw unavailable(`its mode ${mode} is not supported: expected one of ${Object.keys(modes).join(', ')}`);
}

type Make = (section: Section, context: ModeContext) => CredentialsProvider;

const key: Make = (section) => accessKey(section.needed('access_key_id'), section.needed('access_key_secret'));

const session: Make = (section) =>
  stsToken(section.needed('access_key_id'), section.needed('access_key_secret'), section.needed('sts_token'));

const instance: Make = (section, { how }) => ecsRamRole({ ...how, roleName: section.text('ram_role_name') });

const role = (section: Section, { how }: ModeContext, credentials: CredentialsProvider): CredentialsProvider =>
  ramRoleArn({
    ...how,
    ...roleSettings(section, keys),
    roleArn: section.needed('ram_role_arn'),
    externalId: section.text('external_id'),
    credentials,
  });

const keys = { sessionName: 'ram_session_name', duration: 'expired_seconds' };

const modes: Readonly<Record<string, Make>> = {
  AK: key,
  StsToken: session,
  RamRoleArn: (section, context) => {
    const source = section.text('sts_token') === undefined ? key : session;
    return role(section, context, source(section, context));
  },
  EcsRamRole: instance,
  RamRoleArnWithRoleName: (section, context) => role(section, context, instance(section, context)),
  ChainableRamRoleArn: (section, context) => {
    const name = section.needed('source_profile');
    const path = [...context.path, name];
    if (context.path.includes(name)) throw unavailable(`source_profile leads in a circle: ${path.join(', ')}`);
    return role(section, context, providerOfMode(context.profile(name), { ...context, path }));
  },
  OIDC: (section, { how }) =>
    oidcRole({
      ...how,
      ...roleSettings(section, section.number('duration_seconds') ? { ...keys, duration: 'duration_seconds' } : keys),
      roleArn: section.text('ram_role_arn'),
      oidcProviderArn: section.text('oidc_provider_arn'),
      tokenFile: section.text('oidc_token_file'),
    }),
  CloudSSO: (section, { how }) => cloudSso(section, how),
  OAuth: (section, { how }) => oauth(section, how),
  External: (section, context) =>
    external(section.needed('process_command'), context.how, (printed) => {
      const mode = printed.text('mode') ?? (printed.text('sts_token') === undefined ? 'AK' : 'StsToken');
      if (mode.toLowerCase() === 'external') throw unavailable('the program printed the mode External again');
      return providerOfMode(printed.with('mode', mode), context);
    }),
  CredentialsURI: (section, { how }) => credentialsUri(section.text('credentials_uri'), how),
  BearerToken: (section) => bearerToken(section.needed('bearer_token')),
};

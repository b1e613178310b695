import { defer, from, map, switchMap } from 'rxjs';
import { readTextFile } from '#host';
import { accessKey, bearerToken, stsToken, type CredentialsProvider } from '../credentials/credentials.js';
import { checkOptions } from '../schema/options.js';
import { credentialsUri } from './credentials-uri.js';
import { ecsRamRole } from './ecs-ram-role.js';
import { inHome, orEmpty } from './files.js';
import { parseIni } from './ini.js';
import { oidcRole } from './oidc-role.js';
import { ofEveryProvider, text, type ProviderOptions } from './options.js';
import { ramRoleArn } from './ram-role-arn.js';
import { nested, renamed } from './renamed.js';
import { roleSettings } from './role-settings.js';
import { sectionOf, type Section } from './section.js';
import { settling, tried } from './settling.js';
import { explained, unavailable } from './unavailable.js';
import { variable } from './variables.js';

export interface IniProfileOptions extends ProviderOptions {
  /** Which profile. @default `ALIBABA_CLOUD_PROFILE`, else 'default' */
  readonly name?: string | undefined;
  /** @default `ALIBABA_CLOUD_CREDENTIALS_FILE`, else ~/.alibabacloud/credentials */
  readonly file?: string | undefined;
}

/**
 * A profile of the SDKs' own file: a section with a `type`, and what that type needs. The file is read by the first call,
 * and again after its credentials were of no use.
 * @throws ConfigurationError where an option can't work.
 */
export function iniProfile(options: IniProfileOptions = {}): CredentialsProvider {
  checkOptions(options, { ...ofEveryProvider, name: text, file: text });
  const { transport, clock } = options;
  const how = { transport, clock };
  const find = defer(() => {
    const file = options.file ?? variable('CREDENTIALS_FILE') ?? inHome('.alibabacloud/credentials');
    const name = options.name ?? variable('PROFILE') ?? 'default';
    return from(readTextFile(file)).pipe(
      map((content) => {
        const values = parseIni(content).get(name);
        if (values === undefined) throw unavailable(`there is no such profile in the file${orEmpty(content)}`);
        return providerOf(sectionOf(name, values), how);
      }),
      switchMap(tried),
      explained(`profile ${name} of ${file}`),
    );
  });
  return renamed(
    settling(() => find, { anew: true }),
    (own) => nested('profile', own),
  );
}

function providerOf(section: Section, how: ProviderOptions): CredentialsProvider {
  const type = section.needed('type');
  const make = Object.hasOwn(types, type) ? types[type] : undefined;
  if (make === undefined) {
    throw unavailable(`its type ${type} is not supported: expected one of ${Object.keys(types).join(', ')}`);
  }
  return make(section, how);
}

const key = (section: Section): CredentialsProvider =>
  accessKey(section.needed('access_key_id'), section.needed('access_key_secret'));

const session = (section: Section): CredentialsProvider =>
  stsToken(section.needed('access_key_id'), section.needed('access_key_secret'), section.needed('security_token'));

const types: Readonly<Record<string, (section: Section, how: ProviderOptions) => CredentialsProvider>> = {
  access_key: key,
  sts: session,
  bearer: (section) => bearerToken(section.needed('bearer_token')),
  ecs_ram_role: (section, how) => ecsRamRole({ ...how, roleName: section.text('role_name') }),
  credentials_uri: (section, how) => credentialsUri(section.text('credentials_uri'), how),
  ram_role_arn: (section, how) =>
    ramRoleArn({
      ...how,
      ...roleSettings(section, { sessionName: 'role_session_name', duration: 'role_session_expiration' }),
      roleArn: section.needed('role_arn'),
      externalId: section.text('external_id'),
      credentials: section.text('security_token') === undefined ? key(section) : session(section),
    }),
  oidc_role_arn: (section, how) =>
    oidcRole({
      ...how,
      ...roleSettings(section, { sessionName: 'role_session_name', duration: 'role_session_expiration' }),
      roleArn: section.text('role_arn'),
      oidcProviderArn: section.text('oidc_provider_arn'),
      tokenFile: section.text('oidc_token_file_path'),
    }),
};

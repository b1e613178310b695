import type { CredentialsProvider } from '../credentials/credentials.js';
import { checkOptions } from '../schema/options.js';
import { chain } from './chain.js';
import { cliProfile } from './cli-profile.js';
import { credentialsUri } from './credentials-uri.js';
import { ecsRamRole } from './ecs-ram-role.js';
import { environment } from './environment.js';
import { iniProfile } from './ini-profile.js';
import { oidcRole } from './oidc-role.js';
import { ofEveryProvider, type ProviderOptions } from './options.js';
import { renamed } from './renamed.js';

/**
 * Credentials from where the machine has them, as Alibaba Cloud's other SDKs look for them: the environment, an OIDC role,
 * a profile of the CLI, a profile of the SDKs, the role of the ECS instance, a credentials URI. The first that gives some
 * is used from then on.
 *
 * @example
 * const client = new EcsClient({ regionId: 'cn-hangzhou', credentials: defaultCredentials() });
 */
export function defaultCredentials(options: ProviderOptions = {}): CredentialsProvider {
  checkOptions(options, ofEveryProvider);
  const { transport, clock } = options;
  const how = { transport, clock };
  const providers: Record<string, CredentialsProvider> = {
    env: environment(),
    oidc_role_arn: oidcRole(how),
    cli_profile: cliProfile(how),
    profile: iniProfile(how),
    ecs_ram_role: ecsRamRole(how),
    credential_uri: credentialsUri(undefined, how),
  };
  // The server is told as much as the other SDKs tell it.
  const entries = Object.entries(providers).map(
    ([name, provider]) => [name, renamed(provider, () => `default/${name}`)] as const,
  );
  return chain(Object.fromEntries(entries));
}

/** `rx-alicloud/credentials`: where credentials come from. */
export { accessKey, bearerToken, idToken, stsToken } from '../credentials/credentials.js';
export type {
  AccessKeyCredentials,
  BearerTokenCredentials,
  Credentials,
  CredentialsProvider,
  IdTokenCredentials,
} from '../credentials/credentials.js';
export { chain } from './chain.js';
export { cliProfile } from './cli-profile.js';
export type { CliProfileOptions } from './cli-profile.js';
export { credentialsUri } from './credentials-uri.js';
export type { CredentialsUriOptions } from './credentials-uri.js';
export { defaultCredentials } from './default-credentials.js';
export { ecsRamRole } from './ecs-ram-role.js';
export type { EcsRamRoleOptions } from './ecs-ram-role.js';
export { environment } from './environment.js';
export { iniProfile } from './ini-profile.js';
export type { IniProfileOptions } from './ini-profile.js';
export { oidcRole } from './oidc-role.js';
export type { OidcRoleOptions } from './oidc-role.js';
export type { ProviderOptions } from './options.js';
export { ramRoleArn } from './ram-role-arn.js';
export type { RamRoleArnOptions } from './ram-role-arn.js';
export type { RoleOptions } from './assume.js';
export { refreshing } from './refreshing.js';
export type { ExpiringCredentials, RefreshOptions } from './refreshing.js';

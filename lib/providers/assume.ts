/** Calls of the Security Token Service: what ramRoleArn and oidcRole have in common. */
import { defer, map, type Observable } from 'rxjs';
import { AlicloudClient } from '../client.js';
import type { CredentialsProvider } from '../credentials/credentials.js';
import { checkRegionId, parseEndpoint } from '../endpoint/host-names.js';
import { ofType, type Rules } from '../schema/options.js';
import type { Transport } from '../transport/transport.js';
import { answerOf, credentialsIn } from './answer.js';
import { limited } from './http.js';
import { ofEveryProvider, text, type ProviderOptions } from './options.js';
import { defaults } from '../settings.js';
import { refreshDefaults, type ExpiringCredentials } from './refreshing.js';
import { waitAfter } from './transient.js';
import { isSwitchedOn, variable } from './variables.js';

export interface RoleOptions extends ProviderOptions {
  /** What the session is called in logs. @default `ALIBABA_CLOUD_ROLE_SESSION_NAME`, else 'rx-alicloud' */
  readonly sessionName?: string | undefined;
  /** A policy as JSON, which takes away from what the role may do. */
  readonly policy?: string | undefined;
  /** How long the credentials are good, in seconds, as the service counts it: 900 to 43200. @default 3600 */
  readonly duration?: number | undefined;
  /** The region whose STS is asked. @default `ALIBABA_CLOUD_STS_REGION`, else the central one */
  readonly regionId?: string | undefined;
  /** Whether it is asked within the VPC; it needs a region. @default true where `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED` is 'true' */
  readonly vpc?: boolean | undefined;
  /** A host or an origin, in place of the service's own. */
  readonly endpoint?: string | undefined;
}

export const ofRoles: Rules<RoleOptions> = {
  ...ofEveryProvider,
  sessionName: {
    expected: 'a text of 2 to 64 letters, digits and .@-_',
    fits: (value) => typeof value === 'string' && /^[\w.@-]{2,64}$/.test(value),
  },
  policy: text,
  duration: {
    expected: 'seconds from 900 to 43200',
    fits: (value) => Number.isInteger(value) && Number(value) >= 900 && Number(value) <= 43_200,
  },
  regionId: checkRegionId,
  vpc: ofType('boolean'),
  endpoint: (value, path) => void parseEndpoint(String(value), 'https', path),
};

/** The fields that both operations have. */
export function sharedFields({ sessionName, policy, duration = 3600 }: RoleOptions): {
  RoleSessionName: string;
  DurationSeconds: number;
  Policy?: string;
} {
  return {
    RoleSessionName: sessionName ?? variable('ROLE_SESSION_NAME') ?? 'rx-alicloud',
    DurationSeconds: duration,
    ...(policy === undefined ? {} : { Policy: policy }),
  };
}

/** In milliseconds: what connecting and reading may take by default, together. */
const attemptTimeout = defaults.connectTimeout + defaults.readTimeout;

/** Makes one call of the service, and reads what comes. */
export function assumed(
  call: (client: AlicloudClient) => Observable<{ readonly Credentials?: object }>,
  options: RoleOptions,
  { transport, credentials }: { readonly transport: Transport; readonly credentials?: CredentialsProvider },
): Observable<ExpiringCredentials> {
  return defer(() => {
    const regionId = options.regionId ?? variable('STS_REGION');
    const isInside = regionId !== undefined && (options.vpc ?? isSwitchedOn('VPC_ENDPOINT_ENABLED'));
    const client = new AlicloudClient({
      transport: limited(transport),
      credentials,
      clock: options.clock,
      regionId,
      network: isInside ? 'vpc' : undefined,
      endpoint: options.endpoint ?? (regionId === undefined ? 'sts.aliyuncs.com' : undefined),
      // An attempt that hangs is made again within the deadline.
      timeout: attemptTimeout,
      deadline: refreshDefaults.timeout,
      // By its name it might do something; to take on a role twice does no harm.
      retry: ({ error, attempts, wait }) => wait ?? waitAfter(error, attempts),
    });
    return call(client);
  }).pipe(map(({ Credentials }) => credentialsIn(answerOf({ ...Credentials }), '')));
}

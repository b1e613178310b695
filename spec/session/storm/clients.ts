/** The clients of a storm, made of the sources or of the built package alike. */
import { defer, map, of, share, tap, type Observable } from 'rxjs';
import type * as core from '../../../lib/index.js';
import type { ecsRamRole } from '../../../lib/providers/ecs-ram-role.js';
import type { EcsClient } from '../../../lib/services/ecs.js';
import type { StsClient } from '../../../lib/services/sts.js';
import { manyAddressed } from './addresses.js';
import type { ClientName, Trouble } from './plan.js';
import { key, type StormServer } from './server.js';

/** What a storm needs of the SDK. */
export interface Sdk extends Pick<typeof core, 'accessKey' | 'RateLimiter'> {
  readonly EcsClient: typeof EcsClient;
  readonly StsClient: typeof StsClient;
  readonly ecsRamRole: typeof ecsRamRole;
}

export interface Clients {
  readonly all: Readonly<Record<ClientName, EcsClient>>;
  readonly sts: StsClient;
  /** How often credentials were had anew. */
  readonly renewals: () => number;
}

/** No limit that load could break: longer than any storm, in ms. */
const forLong = 600_000;

/** How many calls the clients of the async mode take at a time, so that a storm is a little too much for them. */
export const sizes = { poolSize: 12, maxTaskQueueSize: 14 };

export function openClients(
  sdk: Sdk,
  { url, metadata }: Pick<StormServer, 'url' | 'metadata'>,
  clock: () => number,
  onAttempt: () => void,
  troubles: readonly Trouble[],
): Clients {
  const options: core.ClientOptions = {
    endpoint: url,
    regionId: 'cn-hangzhou',
    clock,
    connectTimeout: forLong,
    // Some of the server's wishes are longer, and end their call; others of its kind are refused for as long.
    maxRetryAfter: 200,
    retry: { baseDelay: 10, throttledDelay: 30, maxDelay: 200 },
    attemptInterceptors: [(next) => (request) => (onAttempt(), next(request))],
  };
  const permanent = sdk.accessKey(key.accessKeyId, key.accessKeySecret);
  const sts = new sdk.StsClient({ ...options, credentials: permanent });
  const renewing = renewingCredentials(sts);
  const pooled: core.ClientOptions = {
    ...options,
    ...sizes,
    enableAsync: true,
    credentials: renewing.provider,
    rateLimiter: new sdk.RateLimiter(),
  };
  return {
    sts,
    renewals: renewing.count,
    all: {
      newer: new sdk.EcsClient(pooled),
      older: new sdk.EcsClient({ ...pooled, signature: 'V1' }),
      roled: new sdk.EcsClient({
        ...pooled,
        credentials: sdk.ecsRamRole({ metadataOrigin: metadata, disableImdsV1: true, timeout: forLong }),
      }),
      direct: new sdk.EcsClient({
        ...options,
        credentials: permanent,
        endpoint: troubles.includes('addresses') ? manyAddressed(url) : url,
      }),
    },
  };
}

/** As a user may write it: temporary credentials, kept until the server says that they have expired. */
function renewingCredentials(sts: StsClient): { provider: core.CredentialsProvider; count: () => number } {
  let count = 0;
  let current: core.AccessKeyCredentials | undefined;
  const renewed$: Observable<core.AccessKeyCredentials> = defer(() =>
    sts.assumeRole({
      RoleArn: 'acs:ram::1234567890123456:role/storm',
      RoleSessionName: 'storm',
      DurationSeconds: 900,
    }),
  ).pipe(
    map(({ Credentials: { AccessKeyId = '', AccessKeySecret = '', SecurityToken = '' } = {} }) => ({
      accessKeyId: AccessKeyId,
      accessKeySecret: AccessKeySecret,
      securityToken: SecurityToken,
    })),
    tap((credentials) => {
      count++;
      current = credentials;
    }),
    share(),
  );
  const provider = (): Observable<core.AccessKeyCredentials> =>
    defer(() => (current === undefined ? renewed$ : of(current)));
  return {
    count: () => count,
    provider: Object.assign(provider, {
      invalidate: (used: core.Credentials) => {
        if ('accessKeyId' in used && used.accessKeyId === current?.accessKeyId) current = undefined;
      },
    }),
  };
}

// Compiled strictly, library types included, without Node's types: what TypeScript sees of the package.
import { AlicloudClient, accessKey, boundedMergeMap, isServerError, type ClientOptions } from 'rx-alicloud';
import { CsClient } from 'rx-alicloud/cs';
import {
  EcsClient,
  describeRegions,
  type DescribeInstancesResponse,
  type DescribeRegionsResponse,
} from 'rx-alicloud/ecs';
import { StsClient } from 'rx-alicloud/sts';
import { takeUntilAborted, toAsyncIterable } from 'rx-alicloud/interop';
import { createEmulator } from 'rx-alicloud/testing';
import { fake } from 'rx-alicloud/testing/fake';
import { catchError, firstValueFrom, from, map, of, toArray, type Observable } from 'rxjs';

const credentials = { accessKeyId: 'id', accessKeySecret: 'secret' };
const options: ClientOptions = {
  regionId: 'cn-hangzhou',
  credentials: accessKey(credentials.accessKeyId, credentials.accessKeySecret),
  transport: createEmulator({ credentials }).transport,
  enableAsync: true,
  poolSize: 10,
  maxTaskQueueSize: 10_000,
  timeout: 10_000,
};

const client: EcsClient = new EcsClient(options);
const all: readonly AlicloudClient[] = [client, new StsClient(options), new CsClient(options)];
const regions$: Observable<DescribeRegionsResponse> = client.call(describeRegions, {});
const code$: Observable<string> = regions$.pipe(
  map(() => 'none'),
  catchError((error: unknown) => of(isServerError(error) ? error.code : 'not the server')),
);
const pages$: Observable<DescribeInstancesResponse[]> = from(['cn-hangzhou', 'cn-beijing']).pipe(
  boundedMergeMap((RegionId: string) => client.describeInstances({ RegionId }), { concurrent: 5, capacity: 100 }),
  toArray(),
);

const faked: EcsClient = fake(EcsClient, { describeRegions: () => ({ Regions: { Region: [] } }) });

/** Compiled, never run. */
export function refused(): void {
  toAsyncIterable(faked.describeRegions({}).pipe(takeUntilAborted(new AbortController().signal)), { bufferSize: 5 });
  // @ts-expect-error no such field
  fake(EcsClient, { describeRegions: { Regionz: {} } });
  // @ts-expect-error InstanceId is required
  client.stopInstance({});
  // @ts-expect-error PageSize is a number
  client.describeInstances({ RegionId: 'cn-hangzhou', PageSize: '50' });
  // @ts-expect-error no such operation
  client.describeRegion({});
  // @ts-expect-error no such option
  new EcsClient({ region: 'cn-hangzhou' });
}

declare const console: { log(text: string): void };

void (async () => {
  const regions = (await firstValueFrom(regions$)).Regions?.Region?.length;
  const [code, pages] = [await firstValueFrom(code$), (await firstValueFrom(pages$)).length];
  console.log(JSON.stringify({ clients: all.length, regions, code, pages }));
})();

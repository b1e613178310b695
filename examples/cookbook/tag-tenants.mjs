// Tags all instances with their tenant, which is the first word of their name; no tenant waits for another's thousands:  node tag-tenants.mjs
import { bufferCount, groupBy, map, mergeMap, reduce } from 'rxjs';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { fair } from 'rx-alicloud/queues';

const regionId = 'cn-hangzhou';
const endpoint = process.env.RX_ALICLOUD_EMULATOR_URL; // unset: the real cloud
const credentials = defaultCredentials();
const reader = new EcsClient({ regionId, endpoint, credentials });
const tagger = new EcsClient({
  regionId,
  endpoint,
  credentials,
  enableAsync: true,
  poolSize: 4,
  maxTaskQueueSize: 20_000, // a million instances
  // Ten calls a second in all, and one tenant after the other.
  queue: fair(({ options }) => options?.tag, { rate: { limit: 10, interval: 1_000 } }),
});

function tag(tenant, ResourceId) {
  const request = { ResourceType: 'instance', ResourceId, Tag: [{ Key: 'tenant', Value: tenant }] };
  return tagger.tagResources(request, { tag: tenant }).pipe(map(() => ResourceId.length));
}

await reader
  .items(describeInstances, { MaxResults: 100 })
  .pipe(
    groupBy(({ InstanceName = '' }) => InstanceName.split('-')[0] ?? ''),
    mergeMap((ofTenant$) =>
      ofTenant$.pipe(
        map(({ InstanceId = '' }) => InstanceId),
        bufferCount(50), // as many as one call takes
        mergeMap((ids) => tag(ofTenant$.key, ids)),
        reduce((sum, tagged) => sum + tagged, 0),
        map((tagged) => `${ofTenant$.key}: ${tagged} tagged`),
      ),
    ),
  )
  .forEach((line) => console.log(line));
tagger.close();

// Tells which instances come, change and go, until Ctrl-C:  node watch-instances.mjs
import { fromEvent, map, mergeMap, takeUntil, toArray } from 'rxjs';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { watch } from 'rx-alicloud/operators';

const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

// All pages are one answer, and only what is in it is compared.
const instances$ = client.items(describeInstances, { MaxResults: 100 }).pipe(
  map(({ InstanceId, InstanceName, Status }) => ({ InstanceId, InstanceName, Status })),
  toArray(),
);

await watch(instances$, { period: 10_000, skipTransient: true, changes: ({ InstanceId }) => InstanceId })
  .pipe(
    mergeMap(({ added, changed, removed }) => [
      ...added.map(({ InstanceName, Status }) => `+ ${InstanceName} ${Status}`),
      ...changed.map(({ before, after }) => `~ ${after.InstanceName} ${before.Status} → ${after.Status}`),
      ...removed.map(({ InstanceName }) => `- ${InstanceName}`),
    ]),
    takeUntil(fromEvent(process, 'SIGINT')),
  )
  .forEach((line) => console.log(line));

// Prints the system events of instances as they come, until Ctrl-C:  node tail-events.mjs
import { defer, from, fromEvent, mergeMap, takeUntil, toArray } from 'rxjs';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstanceHistoryEvents, EcsClient } from 'rx-alicloud/ecs';
import { watch } from 'rx-alicloud/operators';

const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

/** Those of the last hour: services publish some late, and each is printed once while it is among them. */
const recent$ = defer(() => {
  const Start = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, '');
  return client.items(describeInstanceHistoryEvents, { EventPublishTime: { Start }, PageSize: 100 });
}).pipe(toArray());

await watch(recent$, { period: 15_000, skipTransient: true, changes: ({ EventId }) => EventId })
  .pipe(
    mergeMap(({ added }) => from(added)),
    takeUntil(fromEvent(process, 'SIGINT')),
  )
  .forEach(({ EventPublishTime, EventType, InstanceId, Reason }) => {
    console.log(EventPublishTime, InstanceId, EventType?.Name, Reason ?? '');
  });

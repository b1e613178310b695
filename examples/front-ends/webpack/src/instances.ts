import { map } from 'rxjs';
import { AlicloudClient } from 'rx-alicloud';
import { describeInstances } from 'rx-alicloud/ecs';
import { watch } from 'rx-alicloud/operators';

const client = new AlicloudClient({ gateway: '/api/alicloud', regionId: 'cn-hangzhou' });

/** Reads the list every second while it is subscribed to; unsubscribing aborts the request under way. */
export const instances$ = watch(client.call(describeInstances, { PageSize: 50 }), { period: 1000 }).pipe(
  map(({ Instances }) => Instances?.Instance ?? []),
);

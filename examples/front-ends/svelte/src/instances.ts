import { catchError, map, of } from 'rxjs';
import { AlicloudClient } from 'rx-alicloud';
import { describeInstances } from 'rx-alicloud/ecs';
import { watch } from 'rx-alicloud/operators';

const client = new AlicloudClient({ gateway: '/api/alicloud', regionId: 'cn-hangzhou' });

/** Reads the list every second while it is subscribed to. A store has no errors, so that they are values here. */
export const list = watch(client.call(describeInstances, { PageSize: 50 }), { period: 1000 }).pipe(
  map(({ Instances }) => ({ instances: Instances?.Instance ?? [], error: undefined })),
  catchError((error: Error) => of({ instances: [], error })),
);

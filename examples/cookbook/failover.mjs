// Launches in the first of some regions that has the machines:  node failover.mjs cn-hangzhou cn-shanghai cn-beijing
import { map, throwError } from 'rxjs';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { EcsClient } from 'rx-alicloud/ecs';
import { catchCode, settled, waitFor } from 'rx-alicloud/operators';
import { instanceRunning } from 'rx-alicloud/waiters/ecs';

const given = process.argv.slice(2);
const regions = given.length > 0 ? given : ['cn-hangzhou', 'cn-shanghai', 'cn-beijing'];
const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

/** In the first; elsewhere only for want of stock: after a timeout, say, the instances may be there, and would be twice. */
function launchIn(candidates) {
  const [RegionId, ...others] = candidates;
  if (RegionId === undefined) return throwError(() => new Error(`There is no stock in ${regions.join(', ')}`));
  return settled(client.runInstances({ RegionId, Amount: 3, LaunchTemplateName: 'web' }), ({ InstanceIdSets }) =>
    waitFor(client, instanceRunning, InstanceIdSets?.InstanceIdSet, { call: { regionId: RegionId } }),
  ).pipe(
    map(({ InstanceIdSets }) => `${RegionId}: ${InstanceIdSets?.InstanceIdSet?.length} instances are running`),
    catchCode(['OperationDenied.NoStock', 'Zone.NotOnSale'], ({ code }) => {
      console.log(`${RegionId}: ${code}`);
      return launchIn(others);
    }),
  );
}

await launchIn(regions).forEach((line) => console.log(line));

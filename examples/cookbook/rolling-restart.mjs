// Restarts all running instances with a tag, two at a time, and stops at the first that fails:  node rolling-restart.mjs role web
import { bufferCount, concatMap, endWith, ignoreElements, map } from 'rxjs';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { settled, waitFor } from 'rx-alicloud/operators';
import { instanceRunning, instanceStopped } from 'rx-alicloud/waiters/ecs';

const [Key = 'role', Value = 'web'] = process.argv.slice(2);
const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

function restart(InstanceId) {
  // Not a reboot: that it is over, no status would tell. The machine is kept, with its address.
  const stopped$ = settled(client.stopInstances({ InstanceId, StoppedMode: 'KeepCharging' }), () =>
    waitFor(client, instanceStopped, InstanceId),
  );
  const started$ = settled(client.startInstances({ InstanceId }), () => waitFor(client, instanceRunning, InstanceId));
  return stopped$.pipe(
    concatMap(() => started$),
    ignoreElements(),
    endWith(InstanceId),
  );
}

await client
  .items(describeInstances, { Status: 'Running', Tag: [{ Key, Value }], MaxResults: 100 })
  .pipe(
    map(({ InstanceId = '' }) => InstanceId),
    bufferCount(2),
    concatMap(restart),
  )
  .forEach((ids) => console.log('restarted', ids.join(' ')));

// Tells what these credentials may do, and does none of it:  node dry-run.mjs i-bp1
import { concatMap, from, map, of } from 'rxjs';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { EcsClient } from 'rx-alicloud/ecs';
import { catchCode } from 'rx-alicloud/operators';

const [id = 'i-bp1'] = process.argv.slice(2);
const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

// With `DryRun` the service checks all that it would check, and then refuses, by a code that says it would have been done.
const call = { DryRun: true, InstanceId: [id] };
const checks = {
  launch: client.runInstances({ DryRun: true, LaunchTemplateName: 'web' }),
  start: client.startInstances(call),
  stop: client.stopInstances(call),
  release: client.deleteInstances(call),
};

function verdict(call$) {
  return call$.pipe(
    map(() => 'was done!'),
    catchCode('DryRunOperation', () => of('allowed')),
    catchCode(['Forbidden', 'NoPermission'], ({ code }) => of(`denied: ${code}`)),
    catchCode('IncorrectInstanceStatus', () => of('allowed, but not in its present state')),
  );
}

await from(Object.entries(checks))
  .pipe(concatMap(([name, call$]) => verdict(call$).pipe(map((text) => `${name}: ${text}`))))
  .forEach((line) => console.log(line));

// Counts the instances of all member accounts, each through its own role:  node accounts.mjs acs:ram::1234567890123456:role/hub
import { count, finalize, map, mergeMap } from 'rxjs';
import { defaultCredentials, ramRoleArn } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { settledOutcome } from 'rx-alicloud/operators';
import { listAccounts, ResourcemanagerClient } from 'rx-alicloud/resourcemanager';

const [hubRole = 'acs:ram::1234567890123456:role/hub'] = process.argv.slice(2);
const endpoint = process.env.RX_ALICLOUD_EMULATOR_URL; // unset: the real cloud
const regionId = 'cn-hangzhou';

// A chain: who runs this takes on the hub's role, and the hub that of each account. All accounts share one hub session.
const hub = ramRoleArn({ roleArn: hubRole, credentials: defaultCredentials(), endpoint });
const directory = new ResourcemanagerClient({ regionId, endpoint, credentials: hub });

function instancesOf(account) {
  const audit = ramRoleArn({ roleArn: `acs:ram::${account}:role/audit`, credentials: hub, endpoint });
  const client = new EcsClient({ regionId, endpoint, credentials: audit });
  return client.items(describeInstances, { MaxResults: 100 }).pipe(
    count(),
    finalize(() => client.close()),
  );
}

await directory
  .items(listAccounts, { PageSize: 100 })
  .pipe(
    mergeMap(
      // An account that lets nobody in is a line of the report, and ends no other.
      ({ AccountId = '' }) =>
        instancesOf(AccountId).pipe(
          settledOutcome(),
          map((outcome) => [AccountId, outcome.ok ? `${outcome.value} instances` : outcome.error.message]),
        ),
      10,
    ),
  )
  .forEach(([account, found]) => console.log(account, found));

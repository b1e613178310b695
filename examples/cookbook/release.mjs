// Releases all stopped instances with a tag, when that has been confirmed:  node release.mjs purpose test
import { createInterface } from 'node:readline/promises';
import { bufferCount, concatMap, filter, from, lastValueFrom, map, mergeMap, toArray } from 'rxjs';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { settled, settledOutcome, waitFor } from 'rx-alicloud/operators';
import { instanceGone } from 'rx-alicloud/waiters/ecs';

const [Key = 'purpose', Value = 'test'] = process.argv.slice(2);
const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

async function confirmed(instances) {
  for (const { InstanceId, InstanceName } of instances) console.log(InstanceName, InstanceId);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Release these ${instances.length}? Type the number: `);
  terminal.close();
  return answer === String(instances.length);
}

/** Without `Force`: one that somebody has started meanwhile is refused, and stays. */
function release(ids) {
  return settled(client.deleteInstances({ InstanceId: ids }), () => waitFor(client, instanceGone, ids)).pipe(
    settledOutcome(),
    map(({ ok, error }) => `${ids.length} ${ok ? 'are gone' : `were not released: ${error.message}`}`),
  );
}

await client
  .items(describeInstances, { Status: 'Stopped', Tag: [{ Key, Value }], MaxResults: 100 })
  .pipe(
    toArray(), // first all that are asked about, so that no other is released
    filter((instances) => instances.length > 0),
    concatMap(async (instances) => ((await confirmed(instances)) ? instances : [])),
    concatMap((instances) => from(instances)),
    map(({ InstanceId = '' }) => InstanceId),
    bufferCount(50),
    mergeMap(release, 2),
  )
  .forEach((line) => console.log(line));

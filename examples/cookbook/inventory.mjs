// All instances of all regions, as NDJSON:  node inventory.mjs > instances.ndjson
import { once } from 'node:events';
import { from, mergeMap } from 'rxjs';
import { stringifyJson } from 'rx-alicloud';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';

const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

/** Resolves when there is room for more, so that a slow reader slows the requests down. */
async function write(instances) {
  const lines = instances.map((instance) => `${stringifyJson(instance)}\n`);
  if (!process.stdout.write(lines.join(''))) await once(process.stdout, 'drain');
}

const regions$ = client.describeRegions({}).pipe(mergeMap(({ Regions }) => from(Regions?.Region ?? [])));

await regions$
  .pipe(
    // Four regions at a time, and of each one page at a time: the next is asked for when the last one is written.
    mergeMap(
      ({ RegionId }) =>
        client.pages(describeInstances, { RegionId, MaxResults: 100 }, { after: ({ items }) => write(items) }),
      4,
    ),
  )
  .forEach(({ items }) => console.error(`${items.length} instances`));

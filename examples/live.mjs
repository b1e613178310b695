import Table from 'cli-table3';
import { concatMap, count, defer, finalize, from, map, mergeMap, tap, toArray } from 'rxjs';
import { accessKey } from 'rx-alicloud';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { progress } from './progress.mjs';

/** Counts the instances of every region. It reads only. */
export function live() {
  return defer(() => {
    const { ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET } = process.env;
    const client = new EcsClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey(ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET),
      enableAsync: true,
      poolSize: 5,
    });
    return client.describeRegions({}).pipe(
      map(({ Regions }) => Regions?.Region ?? []),
      concatMap((regions) =>
        from(regions).pipe(
          mergeMap(({ RegionId }) =>
            client.items(describeInstances, { RegionId, MaxResults: 100 }).pipe(
              count(),
              map((instances) => [RegionId, instances]),
            ),
          ),
          progress('Regions read', regions.length),
        ),
      ),
      toArray(),
      tap((rows) => {
        const table = new Table({ head: ['Region', 'Instances'], style: { head: [], border: [] } });
        table.push(...rows.sort(([a], [b]) => a.localeCompare(b)));
        console.log(`\n${table.toString()}`);
      }),
      finalize(() => client.shutdown()),
    );
  });
}

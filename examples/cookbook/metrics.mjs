// The CPU load of all instances in the last hour, as NDJSON:  node metrics.mjs cpu.ndjson
import { open } from 'node:fs/promises';
import { concatMap, EMPTY, expand, map, mergeMap, reduce } from 'rxjs';
import { CmsClient } from 'rx-alicloud/cms';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { retryOverflow } from 'rx-alicloud/operators';

const [path = 'cpu.ndjson'] = process.argv.slice(2);
const connection = {
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
};
const ecs = new EcsClient(connection);
const cms = new CmsClient({ ...connection, enableAsync: true, poolSize: 5, maxTaskQueueSize: 20 });
const patiently = retryOverflow({ client: cms, timeout: 0 }); // thousands may find the queue full: they wait in line

const EndTime = String(Date.now());
const StartTime = String(Date.now() - 3_600_000);

/** Points are JSON in a string, which no pager sees into, so that its pages are followed by hand. */
function cpuOf(instanceId) {
  const request = {
    Namespace: 'acs_ecs_dashboard',
    MetricName: 'CPUUtilization',
    Dimensions: JSON.stringify([{ instanceId }]),
    StartTime,
    EndTime,
  };
  const page = (NextToken) => cms.describeMetricList({ ...request, NextToken }).pipe(patiently);
  return page(undefined).pipe(expand(({ NextToken }) => (NextToken ? page(NextToken) : EMPTY)));
}

const file = await open(path, 'w');
try {
  await ecs
    .items(describeInstances, { Status: 'Running', MaxResults: 100 })
    .pipe(
      mergeMap(({ InstanceId = '' }) => cpuOf(InstanceId)),
      map(({ Datapoints = '[]' }) => JSON.parse(Datapoints)),
      concatMap(async (points) => {
        await file.appendFile(points.map((point) => `${JSON.stringify(point)}\n`).join(''));
        return points.length;
      }),
      reduce((sum, points) => sum + points, 0),
    )
    .forEach((points) => console.log(`${points} points in ${path}`));
} finally {
  await file.close();
  cms.close();
}

import Table from 'cli-table3';
import {
  concat,
  concatMap,
  concatWith,
  defer,
  finalize,
  groupBy,
  ignoreElements,
  last,
  map,
  mergeMap,
  of,
  range,
  switchMap,
  tap,
  timer,
  toArray,
} from 'rxjs';
import { accessKey } from 'rx-alicloud';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { catchCode, pollUntil, settled, waitFor } from 'rx-alicloud/operators';
import { createEmulator } from 'rx-alicloud/testing';
import { instanceRunning } from 'rx-alicloud/waiters/ecs';
import { progress } from './progress.mjs';

const region = 'cn-hangzhou';
const key = { accessKeyId: 'LTAI-demo', accessKeySecret: 'a-secret-for-the-demo' };
const instances = 300;
const poolSize = 20;
const maxTaskQueueSize = instances;

/** Launches instances, waits for them, lists them, and shows a refused and a cancelled call. */
export function onTheEmulator() {
  return defer(async () => {
    const emulator = createEmulator({ credentials: key, latency: 25, bootTime: 1500 });
    const { url } = await emulator.listen();
    return { emulator, url };
  }).pipe(
    switchMap(({ emulator, url }) => {
      console.log(`The emulator listens on ${url}\n`);
      const client = new EcsClient({
        regionId: region,
        endpoint: url,
        credentials: accessKey(key.accessKeyId, key.accessKeySecret),
        enableAsync: true,
        poolSize,
        maxTaskQueueSize,
        timeout: 10_000,
      });
      return concat(
        launch(client),
        list(client),
        refused(client),
        cancelled(client, emulator),
        shutdown(client, emulator),
        defer(() => emulator.close()),
      );
    }),
    ignoreElements(),
  );
}

/** One call an instance, all at once: the pool runs twenty at a time. It is done when all instances run. */
function launch(client) {
  const ids$ = range(1, instances).pipe(
    mergeMap((number) =>
      client.runInstances({
        RegionId: region,
        InstanceName: `web-${String(number).padStart(3, '0')}`,
        InstanceType: number % 3 === 0 ? 'ecs.g7.large' : 'ecs.c7.xlarge',
        ImageId: 'aliyun_3_x64_20G_alibase',
      }),
    ),
    progress('Instances launched', instances),
    concatMap(({ InstanceIdSets }) => InstanceIdSets?.InstanceIdSet ?? []),
    toArray(),
  );
  return settled(ids$, (ids) =>
    waitFor(client, instanceRunning, ids, { interval: 100, maxInterval: 200 }).pipe(
      map((all) => all.filter(({ Status }) => Status === 'Running').length),
      progress('Instances running', instances, (running) => running),
    ),
  );
}

function list(client) {
  return client.items(describeInstances, { RegionId: region, MaxResults: 50 }).pipe(
    progress('Instances listed', instances),
    groupBy(({ InstanceType, Status }) => `${InstanceType} ${Status}`),
    mergeMap((group$) =>
      group$.pipe(
        map(({ InstanceName }) => InstanceName),
        toArray(),
        map((names) => [...group$.key.split(' '), names.length, names.sort()[0], names.at(-1)]),
      ),
    ),
    toArray(),
    tap((rows) => {
      const head = ['Type', 'Status', 'Instances', 'First', 'Last'];
      const table = new Table({ head, style: { head: [], border: [] } });
      table.push(...rows.sort());
      console.log(`\n${table.toString()}\n`);
    }),
  );
}

/** One call more than the pool and its queue hold. Only that one fails. */
function refused(client) {
  const calls = poolSize + maxTaskQueueSize + 1;
  return range(0, calls).pipe(
    mergeMap(() =>
      client.describeRegions({}).pipe(
        ignoreElements(),
        catchCode('SDK.AsyncQueueFull', (error) => of(error)),
      ),
    ),
    toArray(),
    tap((errors) => console.log(`Refused ${errors.length} of ${calls} calls.  ${errors[0]?.message}`)),
  );
}

/** Unsubscribing aborts the request: its answer would take a minute, and nobody waits for it. */
function cancelled(client, emulator) {
  return defer(() => {
    const remove = emulator.handle('DescribeZones', () => timer(60_000).pipe(map(() => ({}))));
    const call = client.describeZones({ RegionId: region }).subscribe();
    return until(() => emulator.activeRequests === 1).pipe(
      tap(() => call.unsubscribe()),
      concatWith(until(() => emulator.activeRequests === 0)),
      finalize(remove),
    );
  }).pipe(
    tap({ complete: () => console.log('Cancelled a call that would have taken a minute; the server has noticed.') }),
  );
}

function shutdown(client, emulator) {
  return defer(() => client.shutdown()).pipe(
    concatWith(until(() => emulator.openConnections === 0)),
    tap({ complete: () => console.log('Shut down: nothing runs, nothing waits, no connection is open.') }),
  );
}

/** Emits once, when `condition` holds. */
function until(condition) {
  const asked$ = defer(() => of(condition()));
  return pollUntil(asked$, (holds) => holds, { interval: 10, maxInterval: 10 }).pipe(last());
}

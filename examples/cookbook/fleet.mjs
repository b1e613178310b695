// Launches a fleet that is complete, or not there at all:  node fleet.mjs 250
import { randomUUID } from 'node:crypto';
import {
  bufferCount,
  concatMap,
  concatWith,
  ignoreElements,
  map,
  mergeMap,
  of,
  range,
  throwError,
  toArray,
} from 'rxjs';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { settled, settledOutcome, waitFor } from 'rx-alicloud/operators';
import { instanceRunning } from 'rx-alicloud/waiters/ecs';

const size = Number(process.argv[2] ?? 250);
const Tag = [{ Key: 'fleet', Value: randomUUID() }];
const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

// One call launches a hundred at most. A failure ends no other launch: all have ended before anything is released.
const outcomes$ = range(0, Math.ceil(size / 100)).pipe(
  mergeMap((index) => {
    const request = { Amount: Math.min(100, size - index * 100), Tag, LaunchTemplateName: 'fleet' };
    return settled(client.runInstances(request), ({ InstanceIdSets }) =>
      waitFor(client, instanceRunning, InstanceIdSets?.InstanceIdSet),
    ).pipe(settledOutcome());
  }, 5),
  toArray(),
);

/** By their tag, as even a launch that has failed may have been executed. */
const release$ = client.items(describeInstances, { Tag, MaxResults: 100 }).pipe(
  map(({ InstanceId = '' }) => InstanceId),
  bufferCount(100),
  concatMap((InstanceId) => client.deleteInstances({ InstanceId, Force: true })),
  ignoreElements(),
);

await outcomes$
  .pipe(
    mergeMap((outcomes) => {
      const failure = outcomes.find(({ ok }) => !ok);
      return failure === undefined ? of(size) : release$.pipe(concatWith(throwError(() => failure.error)));
    }),
  )
  .forEach((running) => console.log(`${running} instances are running`));

// Takes a snapshot of every disk, and then deletes those of its own that are older than a week:  node snapshots.mjs 7
import { catchError, concat, concatMap, filter, map, mergeMap, of } from 'rxjs';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeDisks, describeSnapshots, EcsClient } from 'rx-alicloud/ecs';
import { settled, waitFor } from 'rx-alicloud/operators';
import { snapshotAccomplished } from 'rx-alicloud/waiters/ecs';

const days = Number(process.argv[2] ?? 7);
const Tag = [{ Key: 'made-by', Value: 'snapshots.mjs' }];
const oldest = Date.now() - days * 86_400_000;
const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

/** Deletes nothing of anybody else's, and nothing that is still being made. */
function prune(DiskId) {
  return client.items(describeSnapshots, { DiskId, Tag, Status: 'accomplished', MaxResults: 100 }).pipe(
    filter(({ CreationTime = '' }) => Date.parse(CreationTime) < oldest),
    concatMap(({ SnapshotId = '' }) => client.deleteSnapshot({ SnapshotId }).pipe(map(() => `deleted ${SnapshotId}`))),
  );
}

/** Old ones go when the new one is good, and not before. */
function renew(DiskId) {
  return settled(client.createSnapshot({ DiskId, Tag }), ({ SnapshotId = '' }) =>
    waitFor(client, snapshotAccomplished, SnapshotId, { timeout: 3_600_000 }),
  ).pipe(concatMap(({ SnapshotId }) => concat(of(`made ${SnapshotId}`), prune(DiskId))));
}

/** Is told, makes the exit code 1, and ends no other disk's work. */
function failed(error) {
  process.exitCode = 1;
  return of(`failed: ${error.message}`);
}

await client
  .items(describeDisks, { MaxResults: 100 })
  .pipe(
    mergeMap(
      ({ DiskId = '' }) =>
        renew(DiskId).pipe(
          catchError(failed),
          map((line) => `${DiskId}: ${line}`),
        ),
      5,
    ),
  )
  .forEach((line) => console.log(line));

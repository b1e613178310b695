// Run by `node --test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EcsClient } from 'rx-alicloud/ecs';
import { fake } from 'rx-alicloud/testing/fake';
import { firstValueFrom } from 'rxjs';

test('a fake answers, and keeps record', async () => {
  const ecs = fake(EcsClient, { describeRegions: { RequestId: 'r' } });
  assert.deepEqual(await firstValueFrom(ecs.describeRegions({})), { RequestId: 'r' });
  assert.deepEqual(ecs.calls, [{ operation: 'describeRegions', request: {}, outcome: 'completed' }]);
  await assert.rejects(firstValueFrom(ecs.describeZones({})), { code: 'SDK.NotFaked' });
});

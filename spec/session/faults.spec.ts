/** A sample of `npm run faults`: real sockets, all that can go wrong, and a ledger in which nothing unsafe stands twice. */
import { accessKey, RateLimiter } from '../../lib/index.js';
import { ecsRamRole } from '../../lib/providers/ecs-ram-role.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { StsClient } from '../../lib/services/sts.js';
import { createEmulator } from '../../lib/testing/index.js';
import { troublesNamed } from './storm/plan.js';
import { startServer } from './storm/server.js';
import { leftBehind, storm } from './storm/storm.js';
import { judge } from './storm/verdict.js';

it('ends each of 600 calls once in a storm, and executes nothing twice that must not be', async () => {
  const before = process.getActiveResourcesInfo();
  const seed = Number(process.env.FAULTS_SEED ?? 20_240_501);
  const troubles = troublesNamed(process.env.FAULTS_TROUBLES);
  const server = await startServer({ createEmulator, StsClient, accessKey }, seed, troubles);
  const aftermath = await storm({
    calls: 600,
    seed,
    server,
    troubles,
    sdk: { accessKey, RateLimiter, EcsClient, StsClient, ecsRamRole },
  });
  await server.close();

  const { problems, table } = judge(aftermath);
  if (problems.length > 0) throw new Error(`Seed ${seed}:\n${problems.join('\n')}\n\n${table}`);
  expect(await leftBehind(before)).toEqual([]);

  // That it was a storm.
  const { ends, report, renewals } = aftermath;
  expect(ends.count('value')).toBeGreaterThan(200);
  expect(ends.count('cancelled')).toBeGreaterThan(0);
  expect(ends.refused.size).toBeGreaterThan(0);
  expect(Object.keys(report.injectedFaults)).toEqual(
    expect.arrayContaining(['throttle', 'error', 'html', 'reset', 'cut']),
  );
  expect(renewals).toBeGreaterThan(1);
  if (troubles.includes('metadata')) expect(report.hiccups).toBeGreaterThan(1);
});

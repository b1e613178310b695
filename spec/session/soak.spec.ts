/** A sample of `npm run soak`: many calls through the pool over HTTP; each is answered once, and nothing is left open. */
import { lastValueFrom, map, mergeMap, range, reduce } from 'rxjs';
import { accessKey } from '../../lib/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/index.js';

it('answers 1,000 calls through a pool of 50, each once, over no more than 50 connections', async () => {
  const key = { accessKeyId: 'LTAI-soak', accessKeySecret: 'secret' };
  const emulator = createEmulator({ credentials: key, latency: 1 });
  const { url } = await emulator.listen();
  const client = new EcsClient({
    endpoint: url,
    credentials: accessKey(key.accessKeyId, key.accessKeySecret),
    enableAsync: true,
    poolSize: 50,
    maxTaskQueueSize: 1000,
  });

  const answered = await lastValueFrom(
    range(0, 1000).pipe(
      mergeMap((number) => client.describeRegions({}).pipe(map(() => number))),
      reduce((numbers, number) => numbers.add(number), new Set<number>()),
    ),
  );

  expect(answered.size).toBe(1000);
  expect(emulator.requests.get('DescribeRegions')).toBe(1000);
  expect(emulator.acceptedConnections).toBeLessThanOrEqual(50);
  expect(emulator.peakActiveRequests).toBeGreaterThan(1);
  expect(emulator.peakActiveRequests).toBeLessThanOrEqual(50);

  await lastValueFrom(client.shutdown(), { defaultValue: undefined });
  await emulator.close();
  expect(emulator.openConnections).toBe(0);
}, 60_000);

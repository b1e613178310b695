/** What a dashboard sees of the queue, by BullMQ's own public means: the truth, and no secret. */
import { Queue, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import { filter, firstValueFrom, lastValueFrom, NEVER, of, Subscription, type Observable } from 'rxjs';
import { alicloudWorker, bullmqDispatcher, type AlicloudWorker, type CallJob } from '../../lib/bullmq/index.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { CallEvent } from '../../lib/events/events.js';
import { EcsClient } from '../../lib/services/ecs.js';
import type { HttpRequest, HttpResponse } from '../../lib/transport/transport.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';

const secret = 'the-secret-of-the-worker';

describeWithRedis('a dashboard', (path) => {
  let server: RedisServer;
  let redis: Redis;
  let queue: Queue<CallJob>;
  let client: InstanceType<typeof EcsClient>;
  let made: InstanceType<typeof EcsClient>;
  let worker: AlicloudWorker;
  const calls = new Subscription();

  /** By the operation. */
  function send({ headers }: HttpRequest): Observable<HttpResponse> {
    switch (headers['x-acs-action']) {
      case 'DescribeZones':
        return NEVER;
      case 'DescribeImages':
        return of({
          status: 429,
          headers: { 'x-acs-retry-after': '600000' },
          body: '{"Code":"Throttling.Api","Message":"Slow down."}',
        });
      case 'DescribeDisks':
        return of({
          status: 404,
          headers: {},
          body: '{"Code":"NotThere","Message":"There is none.","RequestId":"R-2"}',
        });
      default:
        return of({ status: 200, headers: { 'x-acs-request-id': 'R-1' }, body: '{"RequestId":"R-1"}' });
    }
  }

  beforeAll(async () => {
    server = await startRedis({ path });
    redis = new Redis(server.socket, { maxRetriesPerRequest: null });
    queue = new Queue('rx-alicloud', { connection: { path: server.socket } });
    client = new EcsClient({
      regionId: 'cn-hangzhou',
      enableAsync: true,
      poolSize: 2,
      maxRetryAfter: 0,
      dispatcher: bullmqDispatcher({ connection: { path: server.socket } }),
    });
    made = new EcsClient({ credentials: accessKey('an-access-key', secret), transport: { send }, maxRetryAfter: 0 });
    worker = alicloudWorker({ connection: redis, clients: [made], concurrency: 10, name: 'worker-7' });
    await firstValueFrom(worker.ready(), { defaultValue: undefined });
  });
  afterAll(async () => {
    calls.unsubscribe();
    await lastValueFrom(client.close(), { defaultValue: undefined });
    await lastValueFrom(worker.close({ mode: 'abort' }), { defaultValue: undefined });
    await queue.close();
    made.close();
    redis.disconnect();
    await server.close();
  });

  it('sees each call by its operation, in its state, with what came of it', async () => {
    const told: CallEvent[] = [];
    calls.add(client.events$.subscribe((event) => told.push(event)));
    await firstValueFrom(client.describeRegions({}));
    await expect(firstValueFrom(client.describeDisks({ RegionId: 'cn-hangzhou' }))).rejects.toMatchObject({
      code: 'NotThere',
    });
    const delayed$ = worker.events$.pipe(filter(({ type }) => type === 'delayed'));
    const isDelayed = firstValueFrom(delayed$);
    calls.add(client.describeImages({}).subscribe());
    await isDelayed;
    // Two run, which is all that may, and one waits.
    for (let i = 0; i < 3; i++) calls.add(client.describeZones({}).subscribe());
    const fleet$ = client.watchStats().pipe(filter(({ fleet }) => fleet?.waiting === 1 && fleet.running === 2));
    const { fleet } = await firstValueFrom(fleet$);

    const counts = await queue.getJobCounts('active', 'waiting', 'delayed', 'completed', 'failed');
    expect(counts).toEqual({ active: 2, waiting: 1, delayed: 1, completed: 1, failed: 1 });
    expect(fleet).toEqual({ running: 2, waiting: 1, delayed: 1, failed: 1 });
    const jobs = await queue.getJobs();
    const seen = await Promise.all(jobs.map(async (job: Job) => `${job.name} ${await job.getState()}`));
    expect(seen.sort()).toEqual([
      'Ecs.DescribeDisks failed',
      'Ecs.DescribeImages delayed',
      'Ecs.DescribeRegions completed',
      'Ecs.DescribeZones active',
      'Ecs.DescribeZones active',
      'Ecs.DescribeZones waiting',
    ]);

    const named = (name: string): Job<CallJob> | undefined => jobs.find((job) => job.name === name);
    const [completed, failed] = [named('Ecs.DescribeRegions'), named('Ecs.DescribeDisks')];
    expect(told[0]).toMatchObject({ type: 'queued', jobId: completed?.id, call: { action: 'DescribeRegions' } });
    expect(completed?.returnvalue).toMatchObject({ status: 200, body: { RequestId: 'R-1' }, worker: 'worker-7' });
    expect(failed?.failedReason).toContain('NotThere');
    expect(failed?.failedReason).toContain('There is none.');
    expect(failed?.data).toMatchObject({
      product: 'Ecs',
      action: 'DescribeDisks',
      request: { RegionId: 'cn-hangzhou' },
    });
    const keys = await redis.keys('*');
    const texts = await Promise.all(keys.map((key) => dump(redis, key)));
    expect(texts.join('\n')).toContain('NotThere');
    expect(texts.join('\n')).not.toContain(secret);
    expect(texts.join('\n')).not.toContain('an-access-key');
  });
});

/** All that stands at a key. */
async function dump(redis: Redis, key: string): Promise<string> {
  switch (await redis.type(key)) {
    case 'string':
      return (await redis.get(key)) ?? '';
    case 'list':
      return (await redis.lrange(key, 0, -1)).join('\n');
    case 'hash':
      return JSON.stringify(await redis.hgetall(key));
    case 'zset':
      return (await redis.zrange(key, 0, -1)).join('\n');
    case 'set':
      return (await redis.smembers(key)).join('\n');
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    default:
      throw new Error(`${key} is of a type that this knows nothing of`);
  }
}

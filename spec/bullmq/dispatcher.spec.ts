import { Redis } from 'ioredis';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { bullmqDispatcher } from '../../lib/bullmq/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { answerOnQueue } from './support.js';

describeWithRedis('the dispatcher over BullMQ', (path) => {
  let server: RedisServer;
  let redis: Redis;
  let queues = 0;
  const closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await startRedis({ path });
    redis = new Redis(server.socket);
  });
  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });
  afterAll(async () => {
    redis.disconnect();
    await server.close();
  });

  it('answers', async () => {
    const queueName = `q${++queues}`;
    const client = new EcsClient({
      regionId: 'cn-hangzhou',
      enableAsync: true,
      dispatcher: bullmqDispatcher({ connection: { path: server.socket }, queueName }),
    });
    const worker = answerOnQueue(server.socket, queueName, (request) => ({ RequestId: 'r', request }));
    closers.push(worker.close);
    expect(await firstValueFrom(client.describeRegions({ AcceptLanguage: 'en-US' }))).toEqual({
      RequestId: 'r',
      request: { AcceptLanguage: 'en-US' },
    });
    await lastValueFrom(client.shutdown());
  });
});

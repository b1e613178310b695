/** A producer that makes one call, and tells by which id its result can be picked up: for those who kill it. */
import { bullmqDispatcher } from '../../lib/bullmq/index.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { key, type Place } from './place.js';

const [{ connection, url, queueName, prefix, poolSize, maxTaskQueueSize }] = process.argv
  .slice(2)
  .map((arg) => JSON.parse(arg) as unknown) as [Place];

const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: url,
  credentials: accessKey(key.accessKeyId, key.accessKeySecret),
  dispatcher: bullmqDispatcher({ connection, queueName, prefix }),
  enableAsync: true,
  poolSize,
  maxTaskQueueSize,
});
client.events$.subscribe((event) => {
  if (event.type === 'queued' && event.jobId !== undefined) process.send?.({ jobId: event.jobId });
});
client.describeZones({}).subscribe();

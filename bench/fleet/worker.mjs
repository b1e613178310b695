/** Takes jobs: BullMQ's own worker with a processor, or this package's. Both make the same call. */
import { Queue, Worker } from 'bullmq';
import { alicloudWorker } from 'rx-alicloud/bullmq';
import { firstValueFrom } from 'rxjs';
import { clientOf, microseconds, place } from './call.mjs';

const { way, work, connection, url } = JSON.parse(process.argv[2]);
const { queueName, concurrency, poolSize } = place;
const client = clientOf({ work, url });

if (way === 'bullmq') {
  const queue = new Queue(queueName, { connection });
  await queue.setGlobalConcurrency(poolSize);
  const processor = ({ data }) => firstValueFrom(client.describeRegions(data.request));
  await new Worker(queueName, processor, { connection, concurrency }).waitUntilReady();
} else {
  await firstValueFrom(alicloudWorker({ connection, queueName, concurrency, clients: [client] }).ready());
}
process.send({ ready: true });
process.on('message', () => process.send({ cpu: microseconds() }));
process.on('disconnect', () => process.exit());

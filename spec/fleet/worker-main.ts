/** A worker of a fleet as a process: tells when it is ready, and closes when it is told to. */
import { accessKey } from '../../lib/credentials/credentials.js';
import { alicloudWorker } from '../../lib/bullmq/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { key, type Place } from './place.js';
import { shiftClock } from './shift-clock.js';

const [{ connection, url, queueName, prefix, lockDuration, concurrency, clockShift }] = process.argv
  .slice(2)
  .map((arg) => JSON.parse(arg) as unknown) as [Place];

shiftClock(clockShift);
const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: url,
  credentials: accessKey(key.accessKeyId, key.accessKeySecret),
});
const worker = alicloudWorker({ connection, clients: [client], queueName, prefix, lockDuration, concurrency });
worker.ready().subscribe({
  next: () => process.send?.({ ready: true }),
  error: (error: unknown) => {
    process.send?.({ failed: String(error) });
    process.exitCode = 1;
  },
});

process.on('message', () => {
  // What it doesn't let go of keeps this process alive, and the fleet says so.
  worker.close().subscribe({ complete: () => process.disconnect() });
});

/** Makes jobs, so many at a time, and waits for what comes of each: through BullMQ itself, or as calls of a client. */
import { randomUUID } from 'node:crypto';
import { Queue, QueueEvents } from 'bullmq';
import { bullmqDispatcher } from 'rx-alicloud/bullmq';
import { lastValueFrom, mergeMap, Observable, range } from 'rxjs';
import { clientOf, jobOptions, microseconds, place } from './call.mjs';

const { way, connection, url } = JSON.parse(process.argv[2]);
const { queueName, poolSize, maxTaskQueueSize } = place;

const make = way === 'bullmq' ? await throughBullmq() : throughClient();
process.send({ ready: true });

process.on('message', async ({ calls, window }) => {
  const before = microseconds();
  const started = performance.now();
  const run$ = range(0, calls).pipe(mergeMap(make, window));
  if (window === Infinity) return void run$.subscribe();
  await lastValueFrom(run$);
  process.send({ seconds: (performance.now() - started) / 1000, cpu: microseconds() - before });
});
process.on('disconnect', () => process.exit());

/** As its own documents have it for many jobs: one listener for all of them. */
async function throughBullmq() {
  const queue = new Queue(queueName, { connection, defaultJobOptions: jobOptions });
  const events = new QueueEvents(queueName, { connection });
  await events.waitUntilReady();
  const pending = new Map();
  events.on('completed', ({ jobId, returnvalue }) => {
    const subscriber = pending.get(jobId);
    pending.delete(jobId);
    subscriber?.next(returnvalue);
    subscriber?.complete();
  });
  events.on('failed', ({ jobId, failedReason }) => pending.get(jobId)?.error(new Error(failedReason)));
  return () =>
    new Observable((subscriber) => {
      const jobId = randomUUID();
      pending.set(jobId, subscriber);
      queue.add('Ecs.DescribeRegions', { request: {} }, { jobId }).catch((error) => subscriber.error(error));
    });
}

function throughClient() {
  const client = clientOf({
    work: 'http',
    url,
    more: {
      dispatcher: bullmqDispatcher({ connection, queueName }),
      enableAsync: true,
      poolSize,
      maxTaskQueueSize,
    },
  });
  return () => client.describeRegions({});
}

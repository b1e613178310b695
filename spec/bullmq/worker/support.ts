/** A queue in a Redis of its own, and workers of it. */
import { Job, Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { filter, firstValueFrom, lastValueFrom, Observable, ReplaySubject } from 'rxjs';
import { alicloudWorker, type AlicloudWorker, type CallResult, type WorkerEvent } from '../../../lib/bullmq/index.js';
import type { AlicloudWorkerOptions } from '../../../lib/bullmq/index.js';
import { readFailure } from '../../../lib/bullmq/failure.js';
import type { CallJob } from '../../../lib/bullmq/job.js';
import { toTransfer } from '../../../lib/bullmq/transfer.js';
import type { ClientOptions } from '../../../lib/client-options.js';
import { accessKey } from '../../../lib/credentials/credentials.js';
import type { AlicloudError } from '../../../lib/errors.js';
import { EcsClient } from '../../../lib/services/ecs.js';
import type { HttpRequest, HttpResponse } from '../../../lib/transport/transport.js';
import { startRedis, type RedisServer } from '../../support/redis-server.js';

export const secret = 'a-secret-of-the-worker';

export interface StartedWorker {
  readonly worker: AlicloudWorker;
  readonly events: readonly WorkerEvent[];
  /** All of them, from the first on. */
  readonly events$: Observable<WorkerEvent>;
}

export interface Outcome {
  readonly result?: CallResult;
  readonly error?: AlicloudError;
  readonly reason?: string;
}

export interface TestQueue {
  readonly server: RedisServer;
  readonly connection: Redis;
  readonly queue: Queue;
  add(call: Partial<CallJob>): Promise<Job>;
  outcomeOf(job: Job): Promise<Outcome>;
  work(options?: Partial<AlicloudWorkerOptions>): StartedWorker;
  /** Closes the workers, and forgets all that was in the queue. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openQueue(path: string, config: Readonly<Record<string, string>> = {}): Promise<TestQueue> {
  const server = await startRedis({ path, config, onPort: true });
  const connect = (): Redis => {
    const redis = new Redis(server.socket, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    // Specs kill it.
    redis.on('error', () => undefined);
    return redis;
  };
  const connection = connect();
  const listening = connect();
  const queue = new Queue('rx-alicloud', { connection });
  const events = new QueueEvents('rx-alicloud', { connection: listening });
  queue.on('error', () => undefined);
  // One of each call that is waited for.
  queue.setMaxListeners(0);
  events.on('error', () => undefined);
  await events.waitUntilReady();
  let started: StartedWorker[] = [];
  const clients: EcsClient[] = [];

  return {
    server,
    connection,
    queue,
    async add({ action = 'DescribeInstances', ...call }) {
      const data: CallJob = {
        v: 1,
        product: 'Ecs',
        version: '2014-05-26',
        action,
        request: {},
        safe: true,
        runId: await runIdOf(connection),
        durable: false,
        ...call,
      };
      return queue.add(`${data.product}.${action}`, data);
    },
    async outcomeOf(job) {
      try {
        return { result: (await job.waitUntilFinished(events)) as CallResult };
      } catch {
        const failed = await Job.fromId<CallJob>(queue, job.id ?? '');
        const { failure } = failed?.data ?? {};
        return { error: readFailure(failure), ...(failed === undefined ? {} : { reason: failed.failedReason }) };
      }
    },
    work(options = {}) {
      const worker = alicloudWorker({
        connection,
        clients: [],
        lockDuration: 2000,
        ...options,
        ...(options.clients === undefined ? { clients: [] } : {}),
      });
      const events$ = new ReplaySubject<WorkerEvent>();
      const seen: WorkerEvent[] = [];
      worker.events$.subscribe((event) => seen.push(event));
      worker.events$.subscribe(events$);
      const one = { worker, events: seen, events$ };
      started.push(one);
      return one;
    },
    async clear() {
      await Promise.all(started.map(({ worker }) => lastValueFrom(worker.close({ mode: 'abort' }))));
      started = [];
      for (const client of clients.splice(0)) client.close();
      await connection.flushall();
    },
    async close() {
      await Promise.all(started.map(({ worker }) => lastValueFrom(worker.close({ mode: 'abort' }))));
      await events.close();
      await queue.close();
      connection.disconnect();
      listening.disconnect();
      await server.close();
    },
  };
}

export async function runIdOf(connection: Redis): Promise<string> {
  return /run_id:(\w+)/.exec(await connection.info('server'))?.[1] ?? '';
}

/** A client of a server that is a function, and what it was asked. */
export interface Served {
  readonly client: EcsClient;
  readonly sent: HttpRequest[];
  /** How many requests were unsubscribed from before they had an answer. */
  readonly aborted: () => number;
  /** How many run. */
  readonly running: () => number;
}

export function serve(
  answer: (request: HttpRequest, count: number) => Observable<HttpResponse>,
  options: ClientOptions = {},
): Served {
  const sent: HttpRequest[] = [];
  let [aborted, running] = [0, 0];
  const client = new EcsClient({
    regionId: 'cn-hangzhou',
    endpoint: 'ecs.example.com',
    credentials: accessKey('AKID', secret),
    transport: {
      send: (request) =>
        new Observable((subscriber) => {
          sent.push(request);
          running++;
          let ended = false;
          subscriber.add(() => {
            running--;
            if (!ended) aborted++;
          });
          answer(request, sent.length).subscribe({
            next: (response) => subscriber.next(response),
            error: (error: unknown) => {
              ended = true;
              subscriber.error(error);
            },
            complete: () => {
              ended = true;
              subscriber.complete();
            },
          });
        }),
    },
    ...options,
  });
  return { client, sent, aborted: () => aborted, running: () => running };
}

export function ok(body: object = { RequestId: 'R-1' }): HttpResponse {
  return { status: 200, headers: { 'x-acs-request-id': 'R-1' }, body: JSON.stringify(body) };
}

export function refusal(status: number, Code: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers, body: JSON.stringify({ Code, Message: `It is ${Code}`, RequestId: 'R-2' }) };
}

export const transferred = (value: unknown): unknown =>
  toTransfer(value, '', (path) => {
    throw new Error(path);
  });

export function eventOf<T extends WorkerEvent['type']>(
  { events$ }: StartedWorker,
  type: T,
): Promise<Extract<WorkerEvent, { type: T }>> {
  return firstValueFrom(
    events$.pipe(filter((event): event is Extract<WorkerEvent, { type: T }> => event.type === type)),
  );
}

/** Looks again and again, without waiting for time to pass. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}

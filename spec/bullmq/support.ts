/** What stands in for workers in the specs of the dispatcher, which answers as it is told, and clients on queues of their own. */
import { Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import { lastValueFrom, ReplaySubject, type Observable } from 'rxjs';
import { bullmqDispatcher, type CallJob, type CallResult, type DispatcherOptions } from '../../lib/bullmq/index.js';
import { writeFailure } from '../../lib/bullmq/failure.js';
import { keysOf, type QueueKeys } from '../../lib/bullmq/job.js';
import { fromTransfer, toTransfer } from '../../lib/bullmq/transfer.js';
import { toAlicloudError } from '../../lib/errors.js';
import type { ClientOptions } from '../../lib/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';

/** Gives the body of the answer, or throws what the call is to end in. */
export type Answer = (request: Record<string, unknown>, job: Job<CallJob>) => unknown;

export interface Answering {
  /** The jobs that it was given, each as it begins. */
  readonly jobs$: Observable<Job<CallJob>>;
  readonly close: () => Promise<void>;
}

export class Fleet {
  private queues = 0;
  private readonly closers: (() => Promise<unknown>)[] = [];

  static async start(path: string, config?: Readonly<Record<string, string>>): Promise<Fleet> {
    const server = await startRedis({ path, ...(config === undefined ? {} : { config }) });
    return new Fleet(server);
  }

  readonly redis: Redis;

  private constructor(readonly server: RedisServer) {
    this.redis = this.connect();
  }

  connect(): Redis {
    const redis = new Redis(this.server.socket, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    redis.on('error', () => undefined);
    return redis;
  }

  get connection(): { readonly path: string; readonly retryStrategy: () => number } {
    return { path: this.server.socket, retryStrategy: () => 20 };
  }

  /** Each spec has a queue of its own. */
  queue(): string {
    return `q${++this.queues}`;
  }

  keys(queueName: string): QueueKeys {
    return keysOf({ prefix: 'bull', queueName });
  }

  client(
    queueName: string,
    options: ClientOptions = {},
    dispatcher: Partial<DispatcherOptions> = {},
  ): InstanceType<typeof EcsClient> {
    const client = new EcsClient({
      regionId: 'cn-hangzhou',
      enableAsync: true,
      ...options,
      dispatcher: bullmqDispatcher({ connection: this.connection, queueName, ...dispatcher }),
    });
    this.closers.push(() => lastValueFrom(client.close()));
    return client;
  }

  /** A worker of BullMQ that answers as it is told. */
  answer(queueName: string, answer: Answer, concurrency = 1000): Answering {
    const jobs$ = new ReplaySubject<Job<CallJob>>();
    const work = async (job: Job<CallJob>): Promise<CallResult> => {
      jobs$.next(job);
      try {
        const body = await answer(fromTransfer(job.data.request ?? job.data.untyped) as Record<string, unknown>, job);
        const written = toTransfer(body, '', (path) => {
          throw new Error(path);
        });
        return { status: 200, headers: { a: 'b' }, body: written, attempts: [attempt], worker: 'spec' };
      } catch (error) {
        await job.updateData({ ...job.data, failure: writeFailure(toAlicloudError(error)) });
        throw error;
      }
    };
    const connection = this.connect();
    const worker = new Worker<CallJob, CallResult>(queueName, work, { connection, concurrency, drainDelay: 0.1 });
    worker.on('error', () => undefined);
    const close = async (): Promise<void> => {
      await worker.close(true);
      connection.disconnect();
    };
    this.closers.push(close);
    return { jobs$, close };
  }

  /** How many jobs BullMQ has that have not ended. */
  async left(queueName: string): Promise<number> {
    const key = (name: string): string => `bull:${queueName}:${name}`;
    const counts = await Promise.all([
      ...['wait', 'active', 'paused'].map((name) => this.redis.llen(key(name))),
      ...['delayed', 'prioritized'].map((name) => this.redis.zcard(key(name))),
    ]);
    return counts.reduce((one, other) => one + other);
  }

  /** After each spec. */
  async clear(): Promise<void> {
    await Promise.all(this.closers.splice(0).map((close) => close()));
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.server.close();
  }
}

const attempt = { number: 1, startedAt: 0, duration: 1, status: 200 };

/** Waits until it is so: of conditions in Redis nobody tells. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const begun = Date.now();
  while (!(await condition())) {
    // A spec that fails must not keep its file from ending.
    if (Date.now() - begun > 100_000) throw new Error(`It did not come about: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

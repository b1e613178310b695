/** What a worker is told. */
import type { ConnectionOptions } from 'bullmq';
import type { AlicloudClient } from '../../client.js';
import type { ContextPropagation } from '../../propagation.js';
import {
  checkOption,
  checkOptions,
  integerFrom,
  invalidOption,
  longestTimeout,
  optionsWith,
  withMethod,
  type Rule,
  type Rules,
} from '../../schema/options.js';
import { queueRules, type CallQueueOptions } from '../bullmq-dispatcher.js';
import { queueDefaults } from '../job.js';

export interface AlicloudWorkerOptions extends CallQueueOptions {
  /**
   * What BullMQ takes: the options of a connection, such as `{ host, port }`, or a client of ioredis or of redis (node-redis), of which
   * the worker makes connections of its own. A client stays its owner's, who closes it. Required.
   */
  readonly connection: ConnectionOptions;
  /**
   * What makes the calls, each with its own credentials, limits and interceptors: one client for each product and version, such as
   * `new EcsClient({ … })`. An `AlicloudClient` makes the calls without a description (`client.request`) of all other products.
   * They stay their owner's, who closes them after the worker.
   */
  readonly clients: readonly AlicloudClient[];
  /** How many calls this worker makes at a time: an integer >= 1. The fleet's is the producers' `poolSize`. @default 5 */
  readonly concurrency?: number | undefined;
  /**
   * How many calls the whole fleet takes from the queue at most, by windows of BullMQ's limiter: the same for all workers. What is
   * to be held exactly, and by operation, the limits of a `RateLimiter` with a store hold.
   * @default no limit
   */
  readonly rate?: WorkerRate | undefined;
  /**
   * For how long a call belongs to a worker that is not heard of, in milliseconds, an integer from 100 to 2147483647; it is renewed
   * all the time. The calls of a worker that was killed are given to others after that.
   * @default 30000
   */
  readonly lockDuration?: number | undefined;
  /** The longest result that goes through Redis, in bytes of JSON: an integer >= 1; a smaller one of the producer goes before it. @default the producer's */
  readonly maxResultSize?: number | undefined;
  /** What the worker is called in results and on dashboards. @default `worker-` and some random letters */
  readonly name?: string | undefined;
  /** Takes the context of calls through the queue: what `contextPropagation()` of `rx-alicloud/opentelemetry` gives. @default none */
  readonly propagation?: ContextPropagation | undefined;
}

export interface WorkerRate {
  /** How many calls: an integer >= 1. */
  readonly limit: number;
  /** In how many milliseconds: an integer >= 1. */
  readonly interval: number;
}

/** With the defaults in their place. */
export interface WorkerSettings extends AlicloudWorkerOptions {
  readonly concurrency: number;
  readonly queueName: string;
  readonly prefix: string;
  readonly lockDuration: number;
  readonly name: string;
}

/** Throws a ConfigurationError for an option that can't work. */
export function workerSettings(options: AlicloudWorkerOptions): WorkerSettings {
  checkOptions<AlicloudWorkerOptions>(options, rules, 'alicloudWorker.');
  for (const name of ['connection', 'clients'] as const) {
    if (options[name] === undefined) throw invalidOption(`alicloudWorker.${name}`, expected[name], undefined);
  }
  return {
    ...options,
    concurrency: options.concurrency ?? 5,
    queueName: options.queueName ?? queueDefaults.queueName,
    prefix: options.prefix ?? queueDefaults.prefix,
    lockDuration: options.lockDuration ?? 30_000,
    name: options.name ?? `worker-${crypto.randomUUID().slice(0, 8)}`,
  };
}

const expected = {
  connection: 'the options of a connection to Redis, or a client of ioredis or redis',
  clients: 'an array of clients, such as [new EcsClient({ … })]',
};

const text: Rule = { expected: 'a text that is not empty', fits: (value) => typeof value === 'string' && value !== '' };

const rules: Rules<AlicloudWorkerOptions> = {
  ...queueRules,
  clients: {
    expected: expected.clients,
    fits: (value) => Array.isArray(value) && value.length > 0 && value.every(withMethod('call').fits),
  },
  concurrency: integerFrom(1),
  rate: (value, path) => {
    optionsWith<WorkerRate>({ limit: integerFrom(1), interval: integerFrom(1) })(value, path);
    const rate = value as Partial<WorkerRate>;
    for (const name of ['limit', 'interval'] as const) checkOption(`${path}.${name}`, rate[name], integerFrom(1));
  },
  lockDuration: {
    expected: `an integer from 100 to ${longestTimeout}`,
    fits: (value) => Number.isInteger(value) && Number(value) >= 100 && Number(value) <= longestTimeout,
  },
  maxResultSize: integerFrom(1),
  name: text,
  propagation: withMethod('extract'),
};

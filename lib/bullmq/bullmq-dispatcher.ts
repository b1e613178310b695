import type { ConnectionOptions } from 'bullmq';
import type { DispatcherHost } from '../async/dispatcher.js';
import type { RemoteDispatcher } from '../client-options.js';
import type { Runtime } from '../pipeline/runtime.js';
import type { ContextPropagation } from '../propagation.js';
import {
  integerFrom,
  checkOptions,
  invalidOption,
  milliseconds,
  withMethod,
  type Rule,
  type Rules,
} from '../schema/options.js';
import { isObject } from '../schema/values.js';
import { FleetPool } from './fleet-pool.js';
import { queueDefaults } from './job.js';
import { checkClient } from './write-job.js';

/** Where a queue is. */
export interface CallQueueOptions {
  /**
   * What BullMQ takes: the options of a connection, such as `{ host, port }`, or a client of ioredis, of which connections of their
   * own are made. A client stays its owner's, who closes it. Required.
   */
  readonly connection: ConnectionOptions;
  /** The queue's name, without a colon. @default 'rx-alicloud' */
  readonly queueName?: string | undefined;
  /** What the queue's keys begin with, as BullMQ has it; with Redis Cluster one in braces, such as `{bull}`. @default 'bull' */
  readonly prefix?: string | undefined;
}

export interface DispatcherOptions extends CallQueueOptions {
  /** How long what a call has ended in is kept, for others to read by its id, in milliseconds, >= 0. @default 300000 */
  readonly keepResultFor?: number | undefined;
  /**
   * The longest answer that is taken, in bytes of JSON: an integer >= 1. A call whose answer is longer is executed, and ends in
   * `SDK.ResponseTooLarge`.
   * @default 1048576, which is 1 MiB
   */
  readonly maxResultSize?: number | undefined;
  /**
   * How long a call may wait for Redis to take it, in milliseconds, >= 0. Then it ends in `SDK.FleetUnavailable`, and is not sent.
   * @default 10000
   */
  readonly acceptTimeout?: number | undefined;
  /** Takes the trace of a call along: what `contextPropagation()` of `rx-alicloud/opentelemetry` gives. @default none */
  readonly propagation?: ContextPropagation | undefined;
}

/**
 * Has the calls of a client's async mode made by the workers of a queue in Redis, which many processes share: for the option
 * `dispatcher`. `poolSize` and `maxTaskQueueSize` are then those of all of them together; whoever turns the mode on, or calls
 * `resize`, sets them for all. See docs/distributed.md.
 *
 * @example
 * import { EcsClient } from 'rx-alicloud/ecs';
 * import { bullmqDispatcher } from 'rx-alicloud/bullmq';
 *
 * const dispatcher = bullmqDispatcher({ connection: { host: '127.0.0.1', port: 6379 } });
 * const ecs = new EcsClient({ regionId: 'cn-hangzhou', enableAsync: true, poolSize: 50, dispatcher });
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function bullmqDispatcher(options: DispatcherOptions): RemoteDispatcher {
  checkQueueOptions(options, rules, 'bullmqDispatcher');
  const {
    connection,
    queueName = queueDefaults.queueName,
    prefix = queueDefaults.prefix,
    keepResultFor = 300_000,
    maxResultSize = 2 ** 20,
    acceptTimeout = 10_000,
    propagation,
  } = options;
  const settled = { connection, queueName, prefix, keepResultFor, maxResultSize, acceptTimeout, propagation };
  const open = (host: DispatcherHost): FleetPool => {
    // It is what the layer of the pipeline puts there.
    checkClient(host.runtime as Runtime);
    return new FleetPool({ ...host, poolSize: checkedSize(host) }, settled);
  };
  return { open };
}

/** What adapts to one process, and what orders the calls of one, can't for many. @throws ConfigurationError */
function checkedSize({ poolSize, queue }: DispatcherHost): number {
  const { expected } = integerFrom(1);
  if (typeof poolSize === 'object') throw invalidOption('poolSize', `${expected} beside a dispatcher`, poolSize);
  if (queue !== undefined) throw invalidOption('queue', 'absent beside a dispatcher, which has a queue itself', queue);
  return poolSize;
}

/** @throws ConfigurationError */
export function checkQueueOptions<Options extends CallQueueOptions>(
  options: Options,
  rules: Rules<Options>,
  where: string,
): void {
  checkOptions<Options>(options, rules, `${where}.`);
  if (options.connection === undefined) throw invalidOption(`${where}.connection`, connection.expected, undefined);
}

const connection: Rule = { expected: 'the options of a connection to Redis, or a client of ioredis', fits: isObject };

const part: Rule = {
  expected: 'a text, without a colon',
  fits: (value) => typeof value === 'string' && /^[^:]+$/.test(value),
};

export const queueRules: Rules<CallQueueOptions> = { connection, queueName: part, prefix: part };

const rules: Rules<DispatcherOptions> = {
  ...queueRules,
  keepResultFor: milliseconds,
  maxResultSize: integerFrom(1),
  acceptTimeout: milliseconds,
  propagation: withMethod('inject', 'what contextPropagation() gives', ['extract']),
};

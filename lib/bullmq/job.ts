/** What a call is in the queue: the data of a BullMQ job, and what it returns. Both are JSON. */
import type { CallOptions } from '../call-options.js';
import type { Attempt } from '../errors.js';

/** What travels of the options of a call. The deadline is {@link CallJob.expiresAt}. */
export type TransferredOptions = Omit<CallOptions, 'credentials' | 'deadline' | 'observe'>;

/** The data of a job. The job's name is `Ecs.DescribeInstances`. */
export interface CallJob {
  /** Of this form: a worker leaves other forms alone. */
  readonly v: 1;
  readonly product: string;
  readonly version: string;
  readonly action: string;
  /** Written by `toTransfer`; absent where it is a call without a description. */
  readonly request?: unknown;
  /** Written by `toTransfer`. */
  readonly options?: unknown;
  /** Of a call without a description, the description and its request in one, written by `toTransfer`. */
  readonly untyped?: unknown;
  /** Whether it may be executed twice: it only reads, or carries a `ClientToken`. */
  readonly safe: boolean;
  /** When nobody waits for it any more, by Redis' clock, in milliseconds since 1970; absent: never. */
  readonly expiresAt?: number;
  /** The `run_id` of the Redis that it was added to. */
  readonly runId: string;
  /** Whether that Redis loses nothing that it has confirmed: `appendfsync always`. */
  readonly durable: boolean;
  /** The longest result that its caller takes, in bytes of JSON. @default 1048576, which is 1 MiB */
  readonly maxResultSize?: number;
  /** OpenTelemetry's, as its propagators write it. */
  readonly context?: Readonly<Record<string, string>>;
  /** Kept by workers between deliveries: the attempts of earlier ones. */
  readonly attempts?: readonly Attempt[];
  /** Kept by workers between deliveries: how long throttles have held it back, in milliseconds. */
  readonly throttledFor?: number;
  /** What the call ended in, written by the worker before the job fails: see `failure.ts`. */
  readonly failure?: unknown;
}

/** What a job returns. */
export interface CallResult {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Written by `toTransfer`. */
  readonly body: unknown;
  readonly attempts: readonly Attempt[];
  /** Which worker has made the call. */
  readonly worker: string;
}

/** What a queue's keys and channels of ours are called, beside those of BullMQ. */
export function keysOf({ prefix, queueName }: QueuePlace): QueueKeys {
  const own = `${prefix}:${queueName}:rx:`;
  return {
    places: `${own}places`,
    sizes: `${own}sizes`,
    cancel: `${own}cancel`,
    claim: (jobId) => `${own}claim:${jobId}`,
    cancelled: (jobId) => `${own}cancelled:${jobId}`,
    turns: (kind) => `${own}turns:${kind}`,
  };
}

export interface QueuePlace {
  readonly prefix: string;
  readonly queueName: string;
}

export interface QueueKeys {
  /** A sorted set of the calls that were admitted and are not in the queue yet, by when that is given up, in Redis' milliseconds. */
  readonly places: string;
  /** A hash with `poolSize` and `maxTaskQueueSize`, which are the fleet's. */
  readonly sizes: string;
  /** A channel: each message is the id of a job that nobody waits for any more. */
  readonly cancel: string;
  /** Who makes an unsafe call. */
  readonly claim: (jobId: string) => string;
  /** There, for a while, where nobody waits for a job any more that was running then. */
  readonly cancelled: (jobId: string) => string;
  /** The turns of the calls of a kind that a throttle holds back. */
  readonly turns: (kind: string) => string;
}

export const queueDefaults = { queueName: 'rx-alicloud', prefix: 'bull' } as const;

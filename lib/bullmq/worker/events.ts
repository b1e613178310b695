/** What a worker tells of its calls. Nothing in it is secret. */
import type { AlicloudError } from '../../errors.js';

interface WorkerEventOf<Type extends string> {
  readonly type: Type;
  /** In milliseconds since 1970. */
  readonly time: number;
}

interface JobEventOf<Type extends string> extends WorkerEventOf<Type> {
  /** The id of the call's job. */
  readonly jobId: string;
  /** The name of the call's job, such as `Ecs.DescribeInstances`. */
  readonly name: string;
}

/** A call has a place of the fleet's and is being made. */
export type JobStartedEvent = JobEventOf<'started'>;

/** A call has its response. */
export interface JobFinishedEvent extends JobEventOf<'finished'> {
  /** Of this delivery, in milliseconds. */
  readonly duration: number;
}

/** A call has ended in an error. */
export interface JobFailedEvent extends JobEventOf<'failed'> {
  readonly duration: number;
  readonly error: AlicloudError;
}

/** A call was put back, and has left its place to others. */
export interface JobDelayedEvent extends JobEventOf<'delayed'> {
  /**
   * Why: `throttled`, the server or a limit lets no such call through; `retry`, it is to be repeated after a longer wait; `claimed`,
   * another worker may be making it; `closed`, this worker is being closed.
   */
  readonly reason: 'throttled' | 'retry' | 'claimed' | 'closed';
  /** Until when, by this machine's clock, in milliseconds since 1970. */
  readonly until: number;
  /** What it would have waited out. */
  readonly error?: AlicloudError | undefined;
}

/** A call was cut off, as nobody waits for it any more. */
export type JobCancelledEvent = JobEventOf<'cancelled'>;

/** A call was cut off, as this worker could not renew its right to it: Redis may give it to another. */
export type JobLostEvent = JobEventOf<'lost'>;

/** Something of the worker itself failed, such as its connection. It goes on by itself. */
export interface WorkerErrorEvent extends WorkerEventOf<'error'> {
  readonly error: Error;
}

export type WorkerEvent =
  | JobStartedEvent
  | JobFinishedEvent
  | JobFailedEvent
  | JobDelayedEvent
  | JobCancelledEvent
  | JobLostEvent
  | WorkerErrorEvent;

/** Which job it is, now. */
export function factsOf({ jobId, job }: { readonly jobId: string; readonly job: { readonly name: string } }): {
  readonly time: number;
  readonly jobId: string;
  readonly name: string;
} {
  return { time: Date.now(), jobId, name: job.name };
}

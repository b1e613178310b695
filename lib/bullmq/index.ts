/** `rx-alicloud/bullmq`: one queue for many processes, in Redis. */
export { bullmqDispatcher } from './bullmq-dispatcher.js';
export type { DispatcherOptions, CallQueueOptions } from './bullmq-dispatcher.js';
export { callResult } from './call-result.js';
export type { CallJob, CallResult } from './job.js';
export { alicloudWorker } from './worker/worker.js';
export type { AlicloudWorker } from './worker/worker.js';
export type {
  JobCancelledEvent,
  JobDelayedEvent,
  JobFailedEvent,
  JobFinishedEvent,
  JobLostEvent,
  JobStartedEvent,
  WorkerErrorEvent,
  WorkerEvent,
} from './worker/events.js';
export type { AlicloudWorkerOptions, WorkerRate } from './worker/options.js';

/** `rx-alicloud/bullmq`: one queue for many processes, in Redis. */
export { bullmqDispatcher } from './bullmq-dispatcher.js';
export type { DispatcherOptions, QueueOptions } from './bullmq-dispatcher.js';
export { callResult } from './call-result.js';
export type { CallJob, CallResult } from './job.js';

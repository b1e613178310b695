/** `rx-alicloud/bullmq`: one queue for many processes, in Redis. */
export type { CallJob, CallResult } from './job.js';

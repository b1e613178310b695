/** The public names of `rx-alicloud/queues`. */
export { adaptive } from './adaptive.js';
export type { AdaptiveOptions } from './adaptive.js';
export type { AdaptiveSize, MakeQueue, QueueDiscipline, TaskQueue } from './discipline.js';
export { fair } from './fair.js';
export type { FairOptions } from './fair.js';
export { fifo } from './fifo.js';
export type { Overflow, QueueOptions, RateOptions } from './options.js';
export { priority } from './priority.js';
export type { PriorityOptions } from './priority.js';
export { queueOf } from './queue-of.js';
export type { OpenQueue, Queued, QueueHost, WaitingQueue } from './waiting-list.js';

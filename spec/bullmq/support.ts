/** What stands in for workers in the specs of the dispatcher: a worker of BullMQ that answers as it is told. */
import { Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import { firstValueFrom, ReplaySubject, type Observable } from 'rxjs';
import type { CallJob, CallResult } from '../../lib/bullmq/index.js';
import { writeFailure } from '../../lib/bullmq/failure.js';
import { fromTransfer, toTransfer } from '../../lib/bullmq/transfer.js';
import { toAlicloudError } from '../../lib/errors.js';

export interface Answering {
  /** The jobs that it was given, each as it begins. */
  readonly jobs$: Observable<Job<CallJob>>;
  readonly close: () => Promise<void>;
}

/** Gives the body of the answer, or throws what the call is to end in. */
export type Answer = (request: Record<string, unknown>, job: Job<CallJob>) => unknown;

export function answerOnQueue(socket: string, queueName: string, answer: Answer, concurrency = 1000): Answering {
  const jobs$ = new ReplaySubject<Job<CallJob>>();
  const work = async (job: Job<CallJob>): Promise<CallResult> => {
    jobs$.next(job);
    try {
      const body = await answer(fromTransfer(job.data.request ?? job.data.untyped) as Record<string, unknown>, job);
      const written = toTransfer(body, '', (path) => {
        throw new Error(path);
      });
      return { status: 200, headers: { a: 'b' }, body: written, attempts: [], worker: 'spec' };
    } catch (error) {
      await job.updateData({ ...job.data, failure: writeFailure(toAlicloudError(error)) });
      throw error;
    }
  };
  const connection = new Redis(socket, { maxRetriesPerRequest: null });
  connection.on('error', () => undefined);
  const worker = new Worker<CallJob, CallResult>(queueName, work, { connection, concurrency });
  worker.on('error', () => undefined);
  return {
    jobs$,
    close: async () => {
      await worker.close(true);
      connection.disconnect();
    },
  };
}

/** Waits until it is so: conditions in Redis can only be asked for. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

export const first = firstValueFrom;

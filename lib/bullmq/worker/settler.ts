/** What becomes of the job of a call that has no result: it fails, or goes back into the queue. */
import { DelayedError, UnrecoverableError } from 'bullmq';
import { ClientError, isClientError, toAlicloudError, type AlicloudError, type Attempt } from '../../errors.js';
import { givenBackFor } from '../../retry/give-back.js';
import { failureKindOf } from '../../retry/is-retryable.js';
import { isObject } from '../../schema/values.js';
import { writeFailure } from '../failure.js';
import { longestPause, together } from './caller.js';
import { outcomeUnknown, type Claims } from './claims.js';
import { CutOff, PutBack, type Delivery } from './delivery.js';
import { factsOf, type JobDelayedEvent, type WorkerEvent } from './events.js';
import type { Keeper } from './keeper.js';
import type { Pace } from './pace.js';
import type { ReadCall } from './read-job.js';

export interface SettlerHost {
  readonly tell: (event: WorkerEvent) => void;
  /** A client of the worker is closed: it can't do its work. */
  readonly disabled: () => void;
}

export class Settler {
  constructor(
    private readonly claims: Claims,
    private readonly keeper: Keeper,
    private readonly pace: Pace,
    private readonly host: SettlerHost,
  ) {}

  /** Gives what BullMQ is to be told. Never rejects. */
  async settle(delivery: Delivery, error: unknown): Promise<Error> {
    try {
      if (error instanceof CutOff) return await this.settleCut(delivery, error);
      if (error instanceof PutBack) return await this.putBack(delivery, error.wait, error.reason);
      const { call } = delivery;
      const wait = givenBackFor(error);
      // What is marked so is one of ours.
      if (call !== undefined && wait !== undefined)
        return await this.giveBack(delivery, call, error as AlicloudError, wait);
      if (call !== undefined && isClientError(error, 'SDK.Closed')) {
        this.host.disabled();
        return await this.unsent(delivery, 0, 'closed');
      }
      return await this.fail(delivery, toAlicloudError(error));
    } catch (problem) {
      // Redis does not let it be said, or the job is not its own any more: then whoever has it next goes on.
      this.host.tell({
        type: 'error',
        time: Date.now(),
        error: problem instanceof Error ? problem : toAlicloudError(problem),
      });
      return new DelayedError();
    }
  }

  private async settleCut(delivery: Delivery, { why }: CutOff): Promise<Error> {
    const { call, claimed } = delivery;
    const action = call?.action ?? delivery.job.name;
    switch (why) {
      case 'cancelled':
        this.host.tell({ type: 'cancelled', ...factsOf(delivery) });
        return this.failed(
          delivery,
          new ClientError('SDK.Aborted', `${action} was cut off, as nobody waits for it any more`),
        );
      case 'lost':
        if (claimed) {
          const unknown = outcomeUnknown(action, 'its worker could not reach Redis, and cut it off');
          delivery.outcome = { failure: writeFailure(unknown) };
        }
        this.host.tell({ type: 'lost', ...factsOf(delivery) });
        return new DelayedError();
      case 'closed':
        if (claimed) return this.fail(delivery, outcomeUnknown(action, 'its worker was closed before it was answered'));
        return this.putBack(delivery, 0, 'closed');
    }
  }

  /** It is made again later, by whoever has a place for it then. */
  private async giveBack(delivery: Delivery, call: ReadCall, error: AlicloudError, wait: number): Promise<Error> {
    const { job, jobId } = delivery;
    const isThrottled = isClientError(error, 'SDK.Throttled') || failureKindOf(error) === 'throttled';
    let delay = isThrottled ? await this.pace.delayOf(jobId, call, wait) : wait;
    // The last chance comes before its time is over.
    if (call.expiresAt !== undefined) {
      const left = call.expiresAt - (await this.keeper.redisNow());
      delay = Math.max(wait, Math.min(delay, left - longestPause));
    }
    const attempts = together(call.attempts, (error.attempts ?? []).filter(wasSent));
    const kept = {
      ...(attempts.length === 0 ? {} : { attempts }),
      ...(isThrottled ? { throttledFor: (call.throttledFor ?? 0) + Math.ceil(delay) } : {}),
    };
    await job.updateData({ ...(job.data as object), ...kept });
    return this.unsent(delivery, delay, isThrottled ? 'throttled' : 'retry', error);
  }

  /** The call was not executed, so that any worker may make it. */
  private async unsent(
    delivery: Delivery,
    wait: number,
    reason: JobDelayedEvent['reason'],
    error?: AlicloudError,
  ): Promise<Error> {
    if (delivery.claimed) await this.claims.release(delivery);
    return this.putBack(delivery, wait, reason, error);
  }

  private async putBack(
    delivery: Delivery,
    wait: number,
    reason: JobDelayedEvent['reason'],
    error?: AlicloudError,
  ): Promise<Error> {
    const until = Date.now() + Math.ceil(wait);
    await delivery.job.moveToDelayed(until, delivery.token);
    this.host.tell({ type: 'delayed', ...factsOf(delivery), reason, until, error });
    return new DelayedError();
  }

  private fail(delivery: Delivery, error: AlicloudError): Promise<Error> {
    const { call, duration } = delivery;
    const prior = call?.attempts ?? [];
    if (prior.length > 0) error.attempts = together(prior, error.attempts ?? []);
    this.host.tell({ type: 'failed', ...factsOf(delivery), duration, error });
    return this.failed(delivery, error);
  }

  private async failed(delivery: Delivery, error: AlicloudError): Promise<Error> {
    const { job, claimed } = delivery;
    const failure = writeFailure(error);
    if (claimed) delivery.outcome = { failure };
    const data: unknown = job.data;
    await job.updateData({ ...(isObject(data) ? data : {}), failure });
    const reason = new UnrecoverableError(String(error));
    // A dashboard shows it, and has no use for where in this file it was made.
    reason.stack = reason.message;
    return reason;
  }
}

/** What the rate limiter holds back was not. */
function wasSent({ code }: Attempt): boolean {
  return code !== 'SDK.Throttled';
}

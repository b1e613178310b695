/** What becomes of the job of a call that has no result: it fails, or goes back into the queue. */
import { DelayedError, UnrecoverableError } from 'bullmq';
import { from, lastValueFrom, map, race, timer } from 'rxjs';
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

/** How long Redis is waited for to say whose a job is, in milliseconds: BullMQ closes no worker before that. */
const longestAnswer = 1000;

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
      return abandoned(delivery);
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
        this.host.tell({ type: 'lost', ...factsOf(delivery) });
        return this.settleLost(
          delivery,
          outcomeUnknown(action, 'its worker could not renew its right to it, and cut it off'),
        );
      case 'closed':
        if (claimed) return this.fail(delivery, outcomeUnknown(action, 'its worker was closed before it was answered'));
        return this.putBack(delivery, 0, 'closed');
    }
  }

  /** Redis may have it as its own still, as where it was away for less than a lock: then nobody else would end it. */
  private async settleLost(delivery: Delivery, unknown: AlicloudError): Promise<Error> {
    if (delivery.claimed) delivery.outcome = { failure: writeFailure(unknown) };
    const isHeld = !delivery.isLost && (await this.answerOf(this.claims.holds(delivery)));
    if (isHeld !== true) return abandoned(delivery);
    if (delivery.claimed) return this.failed(delivery, unknown);
    await delivery.job.moveToWait(delivery.token);
    return new DelayedError();
  }

  /** `undefined` where Redis gives none in time. */
  private answerOf<T>(answer: Promise<T>): Promise<T | undefined> {
    return lastValueFrom(race(from(answer), timer(longestAnswer).pipe(map(() => undefined))));
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
    // First, so that whoever gets it may make it, whatever becomes of the rest.
    if (delivery.claimed) await this.claims.release(delivery);
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
    // At once is at once, whatever the clocks of those say who would look whether it is time.
    if (wait === 0) await delivery.job.moveToWait(delivery.token);
    else await delivery.job.moveToDelayed(until, delivery.token);
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

/** What it has ended in is told without BullMQ, where there is anything to tell. */
function abandoned(delivery: Delivery): DelayedError {
  delivery.isAbandoned = true;
  return new DelayedError();
}

/** What the rate limiter holds back was not. */
function wasSent({ code }: Attempt): boolean {
  return code !== 'SDK.Throttled';
}

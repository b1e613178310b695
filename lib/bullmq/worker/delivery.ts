/** A job in the hands of a worker: one of the times that it is delivered. */
import type { Job } from 'bullmq';
import { Subject, type Observable } from 'rxjs';
import { monotonicNow } from '../../clock/monotonic.js';
import type { FailureRecord } from '../failure.js';
import type { CallResult } from '../job.js';
import type { JobDelayedEvent } from './events.js';
import type { ReadCall } from './read-job.js';

/** Why a delivery is cut off: nobody waits for the call; Redis may give it to another; the worker is to end. */
export type Cut = 'cancelled' | 'lost' | 'closed';

/** What it has ended in, as it is kept in a claim. */
export interface WrittenOutcome {
  readonly result?: CallResult;
  readonly failure?: FailureRecord;
}

export class CutOff extends Error {
  constructor(readonly why: Cut) {
    super(why);
  }
}

/** To go back into the queue, for `wait` milliseconds: no end of the call. */
export class PutBack extends Error {
  constructor(
    readonly wait: number,
    readonly reason: JobDelayedEvent['reason'],
  ) {
    super(reason);
  }
}

export class Delivery {
  readonly jobId: string;
  /** By `monotonicNow()`. */
  readonly startedAt = monotonicNow();
  /** Of its claim: of no other delivery. */
  readonly owner = crypto.randomUUID();
  /** Until when Redis gives the job to nobody else, at least, by `monotonicNow()`. */
  lockUntil: number;
  /** Known once the data of the job is read. */
  call: ReadCall | undefined = undefined;
  /** Whether the call is unsafe, and may have been sent: another delivery must not send it. */
  claimed = false;
  /** Whether Redis has said that the job is not its own any more. */
  isLost = false;
  /** Set when it has ended, and BullMQ has yet to say that it knows. */
  outcome: WrittenOutcome | undefined = undefined;
  private why: Cut | undefined;
  private readonly cuts = new Subject<never>();

  constructor(
    readonly job: Job,
    /** Of the job's lock. */
    readonly token: string,
    lockDuration: number,
  ) {
    this.jobId = job.id ?? '';
    // Since when it is locked, this process' own clock says, as it has asked for that.
    const age = Math.max(0, Date.now() - (job.processedOn ?? Date.now()));
    this.lockUntil = this.startedAt + lockDuration - age;
  }

  /** Errors with a {@link CutOff} where it is cut off, and does nothing else. */
  get cut$(): Observable<never> {
    return this.cuts.asObservable();
  }

  get cutBy(): Cut | undefined {
    return this.why;
  }

  get duration(): number {
    return monotonicNow() - this.startedAt;
  }

  cutOff(why: Cut): void {
    if (this.why !== undefined) return;
    this.why = why;
    this.cuts.error(new CutOff(why));
  }
}

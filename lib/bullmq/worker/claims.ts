/** What must not be executed twice: whoever is about to send it claims it first. */
import { monotonicNow } from '../../clock/monotonic.js';
import { ClientError } from '../../errors.js';
import type { ScriptRunner } from '../../redis/scripts.js';
import { readFailure } from '../failure.js';
import type { CallResult, QueueKeys } from '../job.js';
import { CutOff, PutBack, type Delivery, type WrittenOutcome } from './delivery.js';
import type { WorkerSettings } from './options.js';
import type { ReadCall } from './read-job.js';
import { scripts } from './scripts.js';

/** How long a claim is remembered after its lease, in milliseconds: for as long as a job may come back. */
export const claimMemory = 600_000;

export class Claims {
  constructor(
    private readonly settings: WorkerSettings,
    private readonly runner: ScriptRunner,
    private readonly keys: QueueKeys,
    /** Told of Redis' time, in milliseconds since 1970. */
    private readonly learnTime: (redisNow: unknown) => void,
  ) {}

  /** Gives what the call has ended in, where another delivery has made it. Throws where another may have, or may be about to. */
  async claim(delivery: Delivery, { action, durable, runId }: ReadCall): Promise<CallResult | undefined> {
    const { jobId, owner, token } = delivery;
    const { lockDuration, prefix, queueName } = this.settings;
    const sentAt = monotonicNow();
    const reply = await this.runner.run(
      scripts.claim,
      [this.keys.claim(jobId), `${prefix}:${queueName}:${jobId}:lock`],
      [owner, token, leaseOf(lockDuration), claimMemory, durable ? '' : runId, lockDuration],
    );
    const [state, time, value] = reply as [state: string, time: string, value?: string];
    this.learnTime(time);
    switch (state) {
      case 'free':
        delivery.claimed = true;
        delivery.lockUntil = Math.max(delivery.lockUntil, sentAt + lockDuration);
        // Nobody sends it any more.
        if (delivery.cutBy !== undefined) await this.release(delivery);
        return undefined;
      case 'lost':
        throw new CutOff('lost');
      case 'ended':
        return ended(value);
      case 'claimed': {
        const left = Number(value) - Number(time);
        if (left > 0) throw new PutBack(left + 1, 'claimed');
        throw outcomeUnknown(action, 'the worker that made it was not heard of again');
      }
      default:
        throw outcomeUnknown(action, 'Redis was restarted meanwhile, and may have lost that it was made');
    }
  }

  /** It was not executed: others may make it. */
  async release(delivery: Delivery): Promise<void> {
    delivery.claimed = false;
    await this.runner.run(scripts.release, [this.keys.claim(delivery.jobId)], [delivery.owner]);
  }

  /** Another delivery of the job ends in what this one has ended in. */
  async tell({ jobId, outcome, owner }: Delivery): Promise<void> {
    const kept = JSON.stringify(outcome);
    await this.runner.run(scripts.tell, [this.keys.claim(jobId)], [owner, kept, claimMemory]);
  }
}

/** How long a claim lasts without being renewed, in milliseconds: beyond the lock, so that a worker that was cut off can tell. */
export function leaseOf(lockDuration: number): number {
  return 2 * lockDuration;
}

export function outcomeUnknown(action: string, why: string): ClientError {
  return new ClientError(
    'SDK.OutcomeUnknown',
    `${action} may have been executed, and is not repeated, as that would not be safe: ${why}`,
  );
}

/** What another delivery of the job has ended in. */
function ended(kept: string | undefined): CallResult {
  const { result, failure } = JSON.parse(kept ?? '{}') as WrittenOutcome;
  if (result !== undefined) return result;
  throw readFailure(failure);
}

import { asyncScheduler } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import { isAlicloudError, type Attempt, type TimeSpent } from '../errors.js';

/** Milliseconds since 1970, and in a test's virtual time what that says. */
export function wallNow(): number {
  return asyncScheduler.now();
}

/** Where the time of a call went, and what became of its attempts. */
export class Timeline {
  readonly attempts: Attempt[] = [];
  readonly spent: { -readonly [Part in keyof TimeSpent]: number } = {
    queued: 0,
    credentials: 0,
    throttled: 0,
    sent: 0,
    waiting: 0,
  };
  /** Whether the call has had its turn. */
  started = false;
  /** Whether something of an answer was passed on: from then on a repetition would give some of it twice. */
  begun = false;
  /** What a queue knows the call by that is shared with other processes. */
  jobId: string | undefined = undefined;
  /** Whether an answer has come whole. */
  whole = false;
  private part: keyof TimeSpent | undefined = 'queued';

  /** `since`, by `monotonicNow()`. */
  constructor(private since: number) {}

  /** What the call does from now on, `undefined` when that is nothing that is counted. Gives the time. */
  enter(part: keyof TimeSpent | undefined): number {
    const now = monotonicNow();
    if (this.part !== undefined) this.spent[this.part] += now - this.since;
    this.part = part;
    this.since = now;
    return now;
  }

  /** The number of the attempt that is in flight, or comes next. */
  get attempt(): number {
    return this.attempts.length + 1;
  }

  /** `duration` and `wait`, how long the call waits for the next one where there is one, in milliseconds. */
  endAttempt(duration: number, status: number | undefined, error?: unknown, wait?: number): void {
    this.attempts.push({
      number: this.attempt,
      startedAt: wallNow() - duration,
      duration,
      status,
      code: isAlicloudError(error) ? error.code : undefined,
      wait,
    });
  }
}

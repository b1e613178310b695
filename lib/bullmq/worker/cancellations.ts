/** Which calls nobody waits for any more. */
import { monotonicNow } from '../../clock/monotonic.js';
import { listenToChannel, type RedisClient } from '../../redis/connection.js';

/** For how long a cancellation is remembered whose job may be on its way to this worker, in milliseconds. */
const memory = 30_000;

export class Cancellations {
  /** Until when each is remembered, by `monotonicNow()`, the oldest first. */
  private readonly recent = new Map<string, number>();
  private readonly stop: () => void;

  /** `cancelled` is told of each; `missed`, that some may have been missed. */
  constructor(connection: RedisClient, channel: string, cancelled: (jobId: string) => void, missed: () => void) {
    this.stop = listenToChannel(connection, channel, {
      message: (jobId) => {
        const now = monotonicNow();
        for (const [old, until] of this.recent) {
          if (until > now) break;
          this.recent.delete(old);
        }
        this.recent.set(jobId, now + memory);
        cancelled(jobId);
      },
      subscribed: missed,
    });
  }

  has(jobId: string): boolean {
    return this.recent.has(jobId);
  }

  close(): void {
    this.stop();
  }
}

/** Which calls nobody waits for any more. */
import { monotonicNow } from '../../clock/monotonic.js';
import { listenToChannel, type RedisClient } from '../../redis/connection.js';

/** For how long a cancellation is remembered whose job may be on its way to this worker, in milliseconds. */
const memory = 30_000;

export class Cancellations {
  /** Until when each is remembered, by `monotonicNow()`, the oldest first. */
  private readonly recent = new Map<string, number>();
  private stop: (() => void) | undefined;
  private closed = false;

  /** `cancelled` is told of each; `missed`, that some may have been missed. */
  constructor(
    connection: Promise<RedisClient>,
    private readonly channel: string,
    private readonly cancelled: (jobId: string) => void,
    private readonly missed: () => void,
  ) {
    // Where there never is one, nothing runs either.
    connection.then(
      (client) => {
        if (!this.closed) this.stop = this.listen(client);
      },
      () => undefined,
    );
  }

  has(jobId: string): boolean {
    return this.recent.has(jobId);
  }

  close(): void {
    this.closed = true;
    this.stop?.();
  }

  private listen(connection: RedisClient): () => void {
    return listenToChannel(connection, this.channel, {
      message: (jobId) => {
        const now = monotonicNow();
        for (const [old, until] of this.recent) {
          if (until > now) break;
          this.recent.delete(old);
        }
        this.recent.set(jobId, now + memory);
        this.cancelled(jobId);
      },
      subscribed: this.missed,
    });
  }
}

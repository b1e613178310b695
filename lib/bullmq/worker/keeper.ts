/**
 * Keeps the jobs that a worker has: their locks, their claims. Where Redis can't be told that they are still its own, they are cut
 * off before Redis may give them to others, so that never more run than may.
 */
import { exhaustMap, interval, Subscription } from 'rxjs';
import { monotonicNow } from '../../clock/monotonic.js';
import type { ScriptRunner } from '../../redis/scripts.js';
import type { QueueKeys } from '../job.js';
import { claimMemory, leaseOf } from './claims.js';
import type { Delivery } from './delivery.js';
import { scripts } from './scripts.js';

export interface KeeperHost {
  readonly lockDuration: number;
  readonly keys: QueueKeys;
  readonly runner: ScriptRunner;
  /** BullMQ's own: gives the ids of those that are somebody else's. */
  extendLocks(jobIds: string[], tokens: string[], duration: number): Promise<string[]>;
  /** Tells another delivery of the job what it has ended in. */
  tellOutcome(delivery: Delivery): Promise<void>;
}

export class Keeper {
  readonly running = new Set<Delivery>();
  /** Ended, unsafe, and not known to BullMQ yet. */
  private readonly untold = new Set<Delivery>();
  private readonly ticks = new Subscription();
  /** Redis' time, less `monotonicNow()`, in milliseconds. */
  private offset: number | undefined;
  private renewedAt = -Infinity;

  constructor(private readonly host: KeeperHost) {
    const { lockDuration } = host;
    this.ticks.add(
      interval(Math.max(10, lockDuration / 10))
        .pipe(
          exhaustMap(() => {
            this.cutOffLate();
            return this.isDue ? this.renew() : [];
          }),
        )
        .subscribe(),
    );
    // A renewal that hangs must not keep the others from being cut off.
    this.ticks.add(interval(Math.max(10, lockDuration / 20)).subscribe(() => this.cutOffLate()));
  }

  /** In milliseconds since 1970. */
  async redisNow(): Promise<number> {
    if (this.offset === undefined) await this.renew();
    return monotonicNow() + (this.offset ?? Date.now() - monotonicNow());
  }

  learnTime(redisNow: unknown): void {
    this.offset = Number(redisNow) - monotonicNow();
  }

  add(delivery: Delivery): void {
    // Where it is here again, the one before has lost it.
    for (const other of this.untold) if (other.jobId === delivery.jobId) other.isLost = true;
    this.running.add(delivery);
  }

  /** It has ended. */
  remove(delivery: Delivery): void {
    this.running.delete(delivery);
    if (delivery.outcome !== undefined) this.untold.add(delivery);
  }

  /** BullMQ knows what it has ended in. */
  told(jobId: string): void {
    for (const delivery of this.untold) if (delivery.jobId === jobId) this.untold.delete(delivery);
  }

  /** Renews all, and looks which of them nobody waits for any more. Never rejects. */
  async renew(): Promise<void> {
    const { lockDuration, keys, runner } = this.host;
    const kept = [...this.running, ...[...this.untold].filter(({ isLost }) => !isLost)];
    const sentAt = monotonicNow();
    try {
      const locks: Promise<string[]> | string[] =
        kept.length === 0
          ? []
          : this.host.extendLocks(
              kept.map(({ jobId }) => jobId),
              kept.map(({ token }) => token),
              lockDuration,
            );
      const renewed = runner.run(
        scripts.renew,
        kept.flatMap(({ jobId }) => [keys.claim(jobId), keys.cancelled(jobId)]),
        [leaseOf(lockDuration), claimMemory, ...kept.map(({ owner, claimed }) => (claimed ? owner : ''))],
      );
      const [lost, [time, ...unwanted]] = await Promise.all([locks, renewed as Promise<unknown[]>]);
      this.learnTime(time);
      this.renewedAt = sentAt;
      kept.forEach((delivery, i) => {
        if (lost.includes(delivery.jobId)) return this.lose(delivery);
        delivery.lockUntil = Math.max(delivery.lockUntil, sentAt + lockDuration);
        if (unwanted.map(Number).includes(i)) delivery.cutOff('cancelled');
      });
    } catch {
      // Redis is away: they are cut off in time, or renewed with the next look.
    }
    await this.tellOutcomes();
  }

  close(): void {
    this.ticks.unsubscribe();
  }

  private get isDue(): boolean {
    return this.running.size + this.untold.size > 0 && monotonicNow() - this.renewedAt >= this.host.lockDuration / 4;
  }

  /** One that has ended lost nothing but the right to say so. */
  private lose(delivery: Delivery): void {
    delivery.isLost = true;
    if (this.running.has(delivery)) delivery.cutOff('lost');
  }

  private cutOffLate(): void {
    const now = monotonicNow();
    for (const delivery of this.running) {
      if (now >= delivery.lockUntil - this.host.lockDuration / 5) delivery.cutOff('lost');
    }
    for (const delivery of this.untold)
      if (now >= delivery.lockUntil + leaseOf(this.host.lockDuration)) this.untold.delete(delivery);
  }

  /** What BullMQ has not been told within a while, whoever has the job next learns by the claim. */
  private async tellOutcomes(): Promise<void> {
    for (const delivery of this.untold) {
      if (!delivery.isLost && monotonicNow() < delivery.lockUntil) continue;
      try {
        await this.host.tellOutcome(delivery);
        this.untold.delete(delivery);
      } catch {
        return;
      }
    }
  }
}

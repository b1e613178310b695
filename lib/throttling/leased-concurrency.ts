import type { LeaseAsk, LeaseGrant } from './lease-exchange.js';
import type { LeasedKey, LeasedSupply } from './leased-supply.js';
import type { Token } from './supply.js';

const permit: Token = {};

/** A process that has permits hears in that time that others wait for some, in milliseconds. */
const longestSilence = 1000;

export class LeasedConcurrency implements LeasedSupply {
  askAt = 0;
  readonly ready: () => void;
  private running = 0;
  /** How many permits this process has, until when. */
  private held = 0;
  private until = 0;
  /** How many of them are its own while others wait. */
  private share = Infinity;
  /** The fewest that were not in use since it was last looked at. */
  private unused = 0;
  private renewedAt = 0;

  constructor(
    private readonly of: LeasedKey,
    private readonly concurrency: number,
  ) {
    this.ready = of.ready;
  }

  free(now: number): number {
    return this.of.holder.alone ? this.concurrency - this.running : this.atHand(now);
  }

  atHand(now: number): number {
    return now < this.until ? Math.max(0, Math.min(this.held, this.share) - this.running) : 0;
  }

  take(): Token {
    this.running++;
    this.unused = Math.min(this.unused, this.held - this.running);
    this.of.holder.keep(this);
    return permit;
  }

  restart(): boolean {
    return true;
  }

  giveBack(): void {
    this.release();
  }

  release(): void {
    this.running--;
    if (this.held > Math.max(this.share, this.running)) this.of.holder.giveBack(this);
    this.ready();
  }

  waitFor(): number {
    return 0;
  }

  wanted(isWanted: boolean): void {
    if (isWanted) this.of.holder.wanted();
    else this.of.holder.rest();
  }

  isIdle(): boolean {
    return this.running === 0 && this.held === 0;
  }

  ask(now: number): LeaseAsk {
    const { key, limit } = this.of;
    const has = now < this.until ? Math.min(this.held, this.share) : 0;
    const unused = this.unused > this.running / 4 ? this.unused : 0;
    this.held = Math.max(this.running, has - unused);
    this.unused = 0;
    return { key, limit, id: 0, reports: [], keep: this.held, ahead: 0, terms: [0, 0] };
  }

  granted({ granted, term, wait, share }: LeaseGrant, sentAt: number, now: number): void {
    this.held += granted;
    this.until = sentAt + term;
    this.renewedAt = sentAt;
    this.share = share;
    this.askAt = now + wait;
    this.unused = 0;
    this.of.holder.keep(this);
  }

  lost(): void {
    // The lease goes on until it is over.
  }

  tidy(now: number): 'tell' | 'keep' | 'forget' {
    const { unused } = this;
    // Nobody has to be told of what is over.
    if (now >= this.until) this.held = Math.min(this.held, this.running);
    if (this.held === 0 && this.running === 0) return 'forget';
    const isOld = now - this.renewedAt >= Math.min(this.of.holder.leaseTime / 3, longestSilence);
    // A few are kept by one that is busy: it would ask for them again.
    const isMany = unused > this.running / 4;
    if (isOld || isMany || this.held > this.share) return 'tell';
    this.unused = this.held - this.running;
    return 'keep';
  }
}

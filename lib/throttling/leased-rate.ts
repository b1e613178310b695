import type { Subscription } from 'rxjs';
import { preciseNow } from '../clock/monotonic.js';
import { pause } from '../retry/pause.js';
import type { LeaseAsk, LeaseGrant, LeaseReport } from './lease-exchange.js';
import type { LeasedKey, LeasedSupply } from './leased-supply.js';
import type { LimitRate } from './limit-options.js';
import { LocalRate, type Start } from './local-supplies.js';
import type { Token } from './supply.js';

interface Lease {
  readonly id: number;
  readonly granted: number;
  /** By `preciseNow()`, like all times here. */
  readonly from: number;
  readonly until: number;
  left: number;
  usedAt: number;
  /** Whether what was used of it has been told: from then on it is as it is. */
  told: boolean;
}

interface Use {
  /** Of the window of this process, which counts by itself alone. */
  readonly own: Start;
  lease: Lease | undefined;
}

/** The longest time that tokens are leased for, in milliseconds, and the part of the interval that it is else. */
const longestTerm = 100;
const termsInInterval = 20;
/** The shortest that a lease can be that is used as soon as it comes: a process may be busy. In milliseconds. */
const shortestTerm = 5;

export class LeasedRate implements LeasedSupply {
  askAt = 0;
  readonly ready: () => void;
  /** What it would be if this process were alone, which it may be some time. */
  private readonly own: LocalRate;
  private leases: Lease[] = [];
  private over: Lease[] = [];
  private lastId = 0;
  private asked = 0;
  /** Tokens used in a millisecond, of late. */
  private pace = 0;
  private used = 0;
  private pacedAt = 0;
  private timer: Subscription | undefined = undefined;

  constructor(
    private readonly of: LeasedKey,
    private readonly rate: LimitRate,
  ) {
    this.ready = of.ready;
    this.own = new LocalRate(rate, of.ready);
  }

  free(now: number): number {
    if (this.of.holder.alone) return this.own.free(now);
    let left = 0;
    for (const lease of this.leases) if (isUsable(lease, now)) left += lease.left;
    return left;
  }

  atHand(now: number): number {
    let left = 0;
    for (const lease of this.leases) if (now < lease.until) left += lease.left;
    return left;
  }

  take(now: number): Token {
    const use: Use = { own: this.own.take(now), lease: this.takeOfLease(now) };
    return use;
  }

  restart(token: Use, now: number): boolean {
    const { lease } = token;
    const isCounted = this.own.restart(token.own, now);
    if (this.of.holder.alone) return isCounted;
    if (lease?.usedAt === now) return true;
    if (lease !== undefined && !lease.told && now < lease.until) lease.usedAt = now;
    // What was taken of that lease is spent.
    else token.lease = this.takeOfLease(now);
    return token.lease !== undefined;
  }

  giveBack(token: Use, now: number): void {
    const { lease } = token;
    if (lease !== undefined && !lease.told) {
      lease.left++;
      if (!this.leases.includes(lease)) {
        this.over = this.over.filter((each) => each !== lease);
        this.leases.push(lease);
      }
    }
    this.own.giveBack(token.own);
    this.of.holder.keep(this);
    this.tidy(now);
  }

  release(): void {
    // That it has begun counts, and not how long it takes.
  }

  waitFor(ahead: number, now: number): number {
    if (this.of.holder.alone) return this.own.waitFor(ahead, now);
    const lacking = ahead - this.atHand(now);
    if (lacking < 0) return 0;
    return Math.max(0, this.askAt - now) + Math.floor(lacking / this.rate.limit) * this.rate.interval;
  }

  wanted(isWanted: boolean, now: number): void {
    this.own.wanted(isWanted && this.of.holder.alone, now);
    if (isWanted) this.of.holder.wanted();
    else this.of.holder.rest();
  }

  isIdle(now: number): boolean {
    this.close(now);
    return this.leases.length === 0 && this.over.length === 0 && this.asked === 0 && this.own.isIdle(now);
  }

  ask(now: number): LeaseAsk {
    this.close(now);
    const { key, limit, holder } = this.of;
    const { interval } = this.rate;
    const longest = Math.min(longestTerm, interval / termsInInterval);
    const shortest = shortestTerm + 2 * holder.roundTrip;
    // A lease that ends before it has come is of no use to anybody.
    const ahead = Math.max(longest, shortest);
    const reports = this.over.map((lease): LeaseReport => {
      lease.told = true;
      const { id, granted, left, usedAt } = lease;
      return { id, granted, used: granted - left, age: now - usedAt };
    });
    this.over = [];
    this.asked = ++this.lastId;
    this.measure(now);
    return {
      key,
      limit,
      id: this.asked,
      reports,
      keep: 0,
      ahead: Math.floor(this.pace * ahead),
      terms: [Math.min(shortest, ahead), ahead],
    };
  }

  granted({ granted, from, term, wait }: LeaseGrant, sentAt: number, now: number): void {
    const until = sentAt + from + term;
    const lease = { id: this.asked, granted, from: now + from, until, left: granted, usedAt: now, told: false };
    this.asked = 0;
    this.askAt = now + wait;
    if (granted > 0) this.leases.push(lease);
    this.close(now);
    this.of.holder.keep(this);
    this.wakeAtNext(now);
  }

  lost(): void {
    this.asked = 0;
  }

  tidy(now: number): 'tell' | 'keep' | 'forget' {
    this.close(now);
    // Nobody has to be told of what counts no more.
    this.over = this.over.filter(({ until }) => now < until + this.rate.interval);
    if (this.over.some(({ left }) => left > 0)) return 'tell';
    if (this.leases.length > 0) return 'keep';
    // That less was used later than it might have been is worth telling beside other things only.
    this.over = [];
    return 'forget';
  }

  private takeOfLease(now: number): Lease | undefined {
    const lease = this.leases.find((each) => isUsable(each, now));
    if (lease === undefined) return undefined;
    lease.left--;
    lease.usedAt = now;
    this.used++;
    if (lease.left === 0) this.close(now);
    return lease;
  }

  /** Puts those aside that are used up, or over. */
  private close(now: number): void {
    const isOpen = ({ left, until }: Lease): boolean => left > 0 && now < until;
    if (this.leases.every(isOpen)) return;
    this.over.push(...this.leases.filter((lease) => !isOpen(lease)));
    this.leases = this.leases.filter(isOpen);
  }

  /** There is a timer only while calls wait for tokens that are to be used later. */
  private wakeAtNext(now: number): void {
    const next = Math.min(...this.leases.filter(({ from }) => from > now).map(({ from }) => from));
    if (this.timer !== undefined || next === Infinity) return;
    this.timer = pause(Math.ceil(next - now)).subscribe(() => {
      this.timer = undefined;
      this.ready();
      this.wakeAtNext(preciseNow());
    });
  }

  private measure(now: number): void {
    const time = now - this.pacedAt;
    if (time <= 0) return;
    const latest = this.used / Math.max(time, longestTerm / 2);
    // Up at once, as each question that could have been spared costs more than a token that comes back.
    const weight = latest > this.pace ? 1 : Math.min(1, time / (2 * longestTerm));
    this.pace += (latest - this.pace) * weight;
    this.used = 0;
    this.pacedAt = now;
  }
}

function isUsable({ left, from, until }: Lease, now: number): boolean {
  return left > 0 && from <= now && now < until;
}

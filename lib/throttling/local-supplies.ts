/** The limits of one process by itself. */
import type { Subscription } from 'rxjs';
import { pause } from '../retry/pause.js';
import type { LimitRate } from './limit-options.js';
import { RateWindow } from './rate-window.js';
import type { LimitOfKey, Supply, SupplySource, Token } from './supply.js';

export const localSupplies: SupplySource = {
  problem: undefined,
  open: (_key, limit, ready) => localSupply(limit, ready),
};

export function localSupply(limit: LimitOfKey, ready: () => void): Supply {
  return 'rate' in limit ? new LocalRate(limit.rate, ready) : new LocalConcurrency(limit.concurrency, ready);
}

/** Of a rate: the time as which the start counts. */
export interface Start {
  at: number;
}

export class LocalRate implements Supply {
  private readonly window: RateWindow;
  private timer: Subscription | undefined = undefined;
  private dueAt = 0;

  constructor(
    rate: LimitRate,
    private readonly ready: () => void,
  ) {
    this.window = new RateWindow(rate);
  }

  free(now: number): number {
    return this.window.free(now);
  }

  take(now: number): Start {
    return { at: this.window.add(now) };
  }

  restart(token: Start, now: number): boolean {
    this.window.remove(token.at);
    if (this.window.free(now) < 1) return false;
    token.at = this.window.add(now);
    return true;
  }

  giveBack(token: Start): void {
    this.window.remove(token.at);
    this.ready();
  }

  release(): void {
    // That it has begun counts, and not how long it takes.
  }

  waitFor(ahead: number, now: number): number {
    return this.window.waitFor(ahead, now);
  }

  wanted(isWanted: boolean, now: number): void {
    if (isWanted) {
      if (this.timer !== undefined) return;
      const wait = Math.ceil(this.window.waitFor(0, now));
      this.dueAt = now + wait;
      this.timer = pause(wait).subscribe(() => {
        this.timer = undefined;
        this.ready();
      });
    } else if (now < this.dueAt) {
      this.timer?.unsubscribe();
      this.timer = undefined;
    }
  }

  isIdle(now: number): boolean {
    this.window.free(now);
    return this.window.used === 0;
  }
}

const permit: Token = {};

class LocalConcurrency implements Supply {
  private running = 0;

  constructor(
    private readonly concurrency: number,
    private readonly ready: () => void,
  ) {}

  free(): number {
    return this.concurrency - this.running;
  }

  take(): Token {
    this.running++;
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
    this.ready();
  }

  waitFor(): number {
    return 0;
  }

  wanted(): void {
    // There is more when a call ends.
  }

  isIdle(): boolean {
    return this.running === 0;
  }
}

/** How much each session asks for: at a time, and within a time. */
import { monotonicNow } from '../clock/monotonic.js';
import { GatewayRefusal } from './refusal.js';

export interface RateSettings {
  readonly requests: number;
  /** In milliseconds. */
  readonly per: number;
  readonly concurrency: number;
}

interface Account {
  /** How many requests it may make at once: as many as `requests`, and filled up within `per`. */
  tokens: number;
  filledAt: number;
  underWay: number;
}

/** How many sessions are remembered that have nothing under way. */
const mostIdle = 100_000;

/** Keeps an account of each session that has asked for something lately. */
export class Rates {
  private readonly busy = new Map<string, Account>();
  /** Those that have nothing under way; whoever asked last is last. */
  private readonly idle = new Map<string, Account>();

  constructor(private readonly settings: RateSettings) {}

  /** Takes one request, which has ended when all have let its place go that hold it. Throws where it is one too many. */
  begin(session: string): Place {
    const { requests, per, concurrency } = this.settings;
    const now = monotonicNow();
    const account = this.accountOf(session, now);
    account.tokens = Math.min(requests, account.tokens + ((now - account.filledAt) * requests) / per);
    account.filledAt = now;
    if (account.underWay === 0) {
      this.idle.delete(session);
      this.idle.set(session, account);
    }
    if (account.underWay >= concurrency) throw tooMany(`More than ${concurrency} requests at a time`, 1000);
    if (account.tokens < 1) {
      throw tooMany(`More than ${requests} requests within ${per} ms`, ((1 - account.tokens) * per) / requests);
    }
    account.tokens--;
    account.underWay++;
    this.idle.delete(session);
    this.busy.set(session, account);
    return new Place(() => {
      if (--account.underWay > 0) return;
      this.busy.delete(session);
      this.idle.set(session, account);
    });
  }

  private accountOf(session: string, now: number): Account {
    const known = this.busy.get(session) ?? this.idle.get(session);
    if (known !== undefined) return known;
    this.forget(now);
    return { tokens: this.settings.requests, filledAt: now, underWay: 0 };
  }

  /** Those that would be full again, and the oldest where they are too many: sessions come and go. */
  private forget(now: number): void {
    for (const [session, { filledAt }] of this.idle) {
      if (this.idle.size < mostIdle && now - filledAt < this.settings.per) break;
      this.idle.delete(session);
    }
  }
}

/** A request's among those that its session has under way: held by whoever waits for the answer, and by the attempt itself. */
export class Place {
  private holders = 0;

  constructor(private readonly leave: () => void) {}

  /** Gives what lets it go, once. */
  hold(): () => void {
    this.holders++;
    return () => {
      if (--this.holders === 0) this.leave();
    };
  }
}

function tooMany(message: string, retryAfter: number): GatewayRefusal {
  return new GatewayRefusal('Gateway.TooManyRequests', message, retryAfter);
}

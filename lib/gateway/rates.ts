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

/** Keeps an account of each session that has asked for something lately. */
export class Rates {
  private readonly accounts = new Map<string, Account>();
  private sweptAt = monotonicNow();

  constructor(private readonly settings: RateSettings) {}

  /** Takes one request to its end, which the function that is returned tells. Throws where it is one too many. */
  begin(session: string): () => void {
    const { requests, per, concurrency } = this.settings;
    const now = monotonicNow();
    this.sweep(now);
    let account = this.accounts.get(session);
    if (account === undefined) {
      account = { tokens: requests, filledAt: now, underWay: 0 };
      this.accounts.set(session, account);
    }
    account.tokens = Math.min(requests, account.tokens + ((now - account.filledAt) * requests) / per);
    account.filledAt = now;
    if (account.underWay >= concurrency) throw tooMany(`More than ${concurrency} requests at a time`, 1000);
    if (account.tokens < 1) {
      throw tooMany(`More than ${requests} requests within ${per} ms`, ((1 - account.tokens) * per) / requests);
    }
    account.tokens--;
    account.underWay++;
    return () => account.underWay--;
  }

  /** Forgets those that have nothing under way and would be full again: sessions come and go. */
  private sweep(now: number): void {
    if (now - this.sweptAt < this.settings.per) return;
    this.sweptAt = now;
    for (const [session, { underWay, filledAt }] of this.accounts) {
      if (underWay === 0 && now - filledAt >= this.settings.per) this.accounts.delete(session);
    }
  }
}

function tooMany(message: string, retryAfter: number): GatewayRefusal {
  return new GatewayRefusal('Gateway.TooManyRequests', message, retryAfter);
}

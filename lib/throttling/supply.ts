/** What one limit gives out: starts within a time, or permits to run. */
import type { LimitRate } from './limit-options.js';

/** One limit of one key. */
export type LimitOfKey = { readonly rate: LimitRate } | { readonly concurrency: number };

/** What a call has taken; what is in it, its supply alone knows. */
export type Token = object;

export interface Supply {
  /** How many more calls may start at this time, by `preciseNow()`. */
  free(now: number): number;
  /** Takes one, where there is one. */
  take(now: number): Token;
  /** The call starts only now: whether that is as good. Where it is not, the token is spent. */
  restart(token: Token, now: number): boolean;
  /** The call was not started after all. */
  giveBack(token: Token, now: number): void;
  /** The call that was started has ended. */
  release(token: Token): void;
  /** How long it takes at least until there is one more, where so many go before it, in milliseconds; 0 where that is not known. */
  waitFor(ahead: number, now: number): number;
  /** Calls wait for it, or no more do: `ready` is called when there may be one. */
  wanted(isWanted: boolean, now: number): void;
  /** Whether nothing is lost where it is forgotten, and made again when it is needed. */
  isIdle(now: number): boolean;
}

/** Calls that wait for the same supplies, in order of arrival. */
export interface WaitingGroup {
  readonly supplies: readonly Supply[];
  readonly size: number;
}

/** What a source may ask of whoever takes from it. */
export interface SupplyHost {
  /** Those that wait, the one first whose first has waited longest. */
  groups(): readonly WaitingGroup[];
  /** Ends all calls that wait. */
  fail(error: Error): void;
}

/** Where supplies come from: this process, or what it shares with others. */
export interface SupplySource {
  /** Why nothing may start, where that is so. */
  readonly problem: Error | undefined;
  /** `key` tells it from all others; `ready` is called when there may be something for those that wait. */
  open(key: string, limit: LimitOfKey, ready: () => void): Supply;
}

export type OpenSource = (host: SupplyHost) => SupplySource;

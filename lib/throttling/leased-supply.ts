import type { LeaseAsk, LeaseGrant } from './lease-exchange.js';
import type { LimitOfKey, Supply } from './supply.js';

/** How a supply hears of the store, and tells of what there is to say to it. */
export interface LeaseHolder {
  /** Whether the store can't be reached, and each process goes on alone. */
  readonly alone: boolean;
  /** How long the store's leases of concurrencies are, in milliseconds. */
  readonly leaseTime: number;
  /** How long an exchange takes at most, as far as is known, in milliseconds. */
  readonly roundTrip: number;
  /** Calls wait. */
  wanted(): void;
  /** None waits for one of its supplies any more. */
  rest(): void;
  /** There is something to give back. */
  giveBack(supply: LeasedSupply): void;
  /** It has something that is to be looked at from time to time: see {@link LeasedSupply.tidy}. */
  keep(supply: LeasedSupply): void;
}

/** One limit of one key, of which a part is leased to this process. */
export interface LeasedSupply extends Supply {
  /** When it may be asked for again, by `preciseNow()`. */
  askAt: number;
  /** How many it has at hand, by leases. */
  atHand(now: number): number;
  /** What to say and ask of it. From then on nothing is used that is given back by this. */
  ask(now: number): LeaseAsk;
  granted(grant: LeaseGrant, sentAt: number, now: number): void;
  /** What was asked for was not answered. */
  lost(): void;
  /** Whether there is something to say although nothing is asked for. */
  tidy(now: number): 'tell' | 'keep' | 'forget';
  readonly ready: () => void;
}

export interface LeasedKey {
  readonly key: string;
  readonly limit: LimitOfKey;
  readonly ready: () => void;
  readonly holder: LeaseHolder;
}

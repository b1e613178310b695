/** What a process and whoever keeps the fleet's limits say to each other: one exchange at a time, for all keys of the process. */
import type { Observable } from 'rxjs';
import type { LimitOfKey } from './supply.js';

/** A lease of a rate that is over, or used up: what is said of it shortens the time for which it counts. */
export interface LeaseReport {
  readonly id: number;
  readonly granted: number;
  readonly used: number;
  /** How long ago the last of it was used, in milliseconds. */
  readonly age: number;
}

/** What is asked for and told of one limit of one key. */
export interface LeaseAsk {
  readonly key: string;
  readonly limit: LimitOfKey;
  /** Of a rate: what the next lease is called. Each process counts its own. */
  readonly id: number;
  readonly reports: readonly LeaseReport[];
  /** Of a concurrency: how many permits the process keeps, of those that it has. */
  readonly keep: number;
  /** How many tokens it could use beside those that calls wait for, before the lease is over. */
  readonly ahead: number;
  /** For how long a lease is given: where all of it is used at once, and where not, in milliseconds. */
  readonly terms: readonly [atOnce: number, ahead: number];
}

/** Calls that wait for the same limits: each needs one of all of them. */
export interface LeaseDemand {
  readonly calls: number;
  /** Index of an ask, and how many tokens of that the process has at hand for them. */
  readonly needs: readonly (readonly [ask: number, atHand: number])[];
}

export interface LeaseRequest {
  readonly process: string;
  /** Tokens that are not free yet, but within that time, are granted in advance, in milliseconds. */
  readonly horizon: number;
  readonly asks: readonly LeaseAsk[];
  /** The one first that has waited longest. */
  readonly demands: readonly LeaseDemand[];
}

export interface LeaseGrant {
  readonly granted: number;
  /** When they may be used, in milliseconds from now: counted from when the answer came, that is never too early. */
  readonly from: number;
  /** For how long: counted from when it was asked for, that is never too long. In milliseconds. */
  readonly term: number;
  /** When to ask again for what was not granted, in milliseconds from now. */
  readonly wait: number;
  /** How many are this process's where others wait, else `Infinity`. */
  readonly share: number;
}

export interface LeaseStore {
  /** How long permits of a concurrency are leased for, in milliseconds. */
  readonly leaseTime: number;
  /** What becomes of calls while the store can't be reached. */
  readonly whenUnavailable: 'local' | 'fail';
  /** A grant for each ask, in order. Errors where there was no answer in time; then nothing is known of what was granted. */
  exchange(request: LeaseRequest): Observable<readonly LeaseGrant[]>;
}

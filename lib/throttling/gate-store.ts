/** What processes share of their gates, and by what. */
import type { Observable } from 'rxjs';

/** A gate that is closed for all, or that waits for its probe. Times are what is left of them, in milliseconds: no two clocks agree. */
export interface GateState {
  /** Of its last closing: a later one has a higher number. */
  readonly epoch: number;
  /** For how much longer it is closed. */
  readonly remaining: number;
  /** The same, if the server had its way. */
  readonly asked: number;
  /** Closings since the last success. */
  readonly inARow: number;
  /** For how much longer the probe belongs to who has it, at least; 0 where nobody has. */
  readonly probeLeft: number;
  /** Whether it is this process that has it. */
  readonly isMine: boolean;
}

/** A gate of this process that is not open, as it is told when there is a connection again. */
export interface LocalGate {
  readonly id: string;
  /** Of the last closing that was known to all; 0 where that was none. */
  readonly epoch: number;
  readonly remaining: number;
  readonly asked: number;
  readonly inARow: number;
  /** Whether the probe was this process's. */
  readonly isProbing: boolean;
}

export interface Closing {
  /** Of the gate that the refused call had passed; 0 where it had passed none. */
  readonly epoch: number;
  /** What the server asks for, in milliseconds, where it says so. */
  readonly wait: number | undefined;
  /** How much of that is heeded, in milliseconds. */
  readonly longest: number;
}

/**
 * Keeps the gates of several processes. What it gives is the state that a gate has then, `undefined` of one that is open; it errors
 * with `SDK.FleetUnavailable` where it can't be had.
 */
export interface GateStore {
  /** What an account is called where others may read it. */
  idOf(account: string): string;
  /** Whether what is known is all there is to know, so that calls need not wait for that. */
  isCurrent(): boolean;
  /** Completes when it is; errors where calls are not to go without. */
  readonly current$: Observable<never>;
  /** Whether gates go on by themselves while it can't be asked. */
  readonly goesOnAlone: boolean;
  /** Whether it could be asked the last time. */
  readonly available: boolean;
  /** How often who has the probe has to say so, in milliseconds. */
  readonly renewAfter: number;
  /** A call was refused. */
  close(id: string, closing: Closing): Observable<GateState | undefined>;
  /** Asks for the probe, or keeps it. `late` is told what comes when nobody waits for it any more. */
  probe(id: string, late: (state: GateState | undefined) => void): Observable<GateState | undefined>;
  /** The probe was let through. */
  open(id: string, epoch: number): void;
  /** The probe is the next one's: the call has come to nothing. */
  release(id: string, epoch: number): void;
}

/** What a store tells the gates of this process. */
export interface GateHost {
  /** Those that are not open. */
  readonly local: readonly LocalGate[];
  /** All that are not open anywhere, once after each time that something may have been missed. */
  synchronised(states: ReadonlyMap<string, GateState>): void;
  /** Somebody has closed a gate, or has given its probe back. */
  changed(id: string, state: GateState): void;
  /** Somebody has opened it. */
  opened(id: string, epoch: number): void;
  /** It can't be asked any more. */
  lost(error: Error): void;
}

export type OpenGateStore = (host: GateHost) => GateStore;

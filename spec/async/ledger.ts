import type { ShutdownOptions } from '../../lib/async/pool.js';

export type Kind = 'observable' | 'chan' | 'callback';
export type End = 'value' | 'error' | 'empty';

/** A call, as its owner and the server see it. */
export interface Entry {
  readonly id: number;
  readonly kind: Kind;
  /** The pool that was on when the call was made. */
  readonly generation: Generation | undefined;
  readonly refused: boolean;
  /** How the call ended by itself. */
  end?: End;
  cancelled: boolean;
  /** What the owner was told: `value`, the code of an error, and that nothing more will come. */
  readonly told: string[];
}

/** A pool, and the calls that it has accepted, in the order in which it did. */
export interface Generation {
  readonly poolSize: number;
  readonly maxTaskQueueSize: number;
  readonly waiting: Set<Entry>;
  readonly running: Set<Entry>;
  /** From when on calls may be cut off. */
  abortedAt: number;
}

/**
 * The simplest pool there can be: it starts and ends no call itself, but writes down what the real one does, and
 * complains of what a pool must not do.
 */
export class Ledger {
  readonly complaints: string[] = [];
  readonly generations: Generation[] = [];
  readonly entries: Entry[] = [];
  current: Generation | undefined;

  constructor(private readonly now: () => number) {}

  enabled(poolSize: number, maxTaskQueueSize: number): void {
    this.current = { poolSize, maxTaskQueueSize, waiting: new Set(), running: new Set(), abortedAt: Infinity };
    this.generations.push(this.current);
  }

  shutDown({ mode, timeout }: ShutdownOptions): void {
    this.current = undefined;
    const wait = mode === 'abort' ? 0 : (timeout ?? Infinity);
    for (const generation of this.generations) {
      generation.abortedAt = Math.min(generation.abortedAt, this.now() + wait);
    }
  }

  submitted(kind: Kind): Entry {
    const generation = this.current;
    const refused = generation !== undefined && held(generation) === generation.poolSize + generation.maxTaskQueueSize;
    const entry = { id: this.entries.length, kind, generation, refused, cancelled: false, told: [] };
    this.entries.push(entry);
    if (!refused) generation?.waiting.add(entry);
    return entry;
  }

  started(entry: Entry): void {
    const { generation, kind } = entry;
    if (!generation) return this.expect(kind === 'observable', entry, 'was started while the mode was off');
    const [first] = generation.waiting;
    this.expect(first === entry, entry, 'was started out of turn');
    this.expect(generation.running.size < generation.poolSize, entry, 'was started without a slot');
    generation.waiting.delete(entry);
    generation.running.add(entry);
  }

  ended(entry: Entry, end: End): void {
    entry.end = end;
    entry.generation?.running.delete(entry);
  }

  /** The call was unsubscribed from, be it that it had ended. */
  finalised(entry: Entry): void {
    if (entry.end === undefined && !entry.cancelled) this.expect(this.mayAbort(entry), entry, 'was cut off');
    entry.generation?.running.delete(entry);
  }

  cancelled(entry: Entry): void {
    entry.cancelled = true;
    entry.generation?.waiting.delete(entry);
  }

  told(entry: Entry, what: string): void {
    this.expect(!entry.cancelled, entry, `was told ${what} after it was cancelled`);
    this.expect(this.mayBeTold(entry, what), entry, `was told ${what}, after ${entry.told.join() || 'nothing'}`);
    entry.told.push(what);
    if (what === 'SDK.Aborted') entry.generation?.waiting.delete(entry);
  }

  /** Whether the owner knows all. */
  over({ cancelled, told }: Entry): boolean {
    return cancelled || told.includes('end') || (told.length > 0 && told[0] !== 'value');
  }

  /** To be checked when nothing is about to happen. */
  checkAtRest(): void {
    for (const generation of this.generations) {
      const { waiting, running, poolSize, abortedAt } = generation;
      const [first] = [...waiting, ...running];
      if (!first) continue;
      if (abortedAt < this.now()) this.complaints.push(`Call ${first.id} outlived its pool`);
      if (waiting.size > 0 && running.size < poolSize)
        this.complaints.push(`Call ${first.id} waits beside a free slot`);
    }
  }

  private mayBeTold(entry: Entry, what: string): boolean {
    const { kind, end, generation, refused, told } = entry;
    const first = told.length === 0;
    switch (what) {
      case 'value':
        return first && end === 'value';
      case 'end':
        return kind === 'observable' ? told.join() === (end === 'value' ? 'value' : '') : told.length === 1;
      case 'SDK.NetworkError':
        return first && end === 'error';
      case 'SDK.Unexpected':
        return first && end === 'empty' && kind !== 'observable';
      case 'SDK.AsyncQueueFull':
        return first && refused;
      case 'SDK.AsyncFunctionNotEnabled':
        return first && generation === undefined && kind !== 'observable';
      case 'SDK.Aborted':
        return first && end === undefined && this.mayAbort(entry);
      default:
        return false;
    }
  }

  private mayAbort({ generation }: Entry): boolean {
    return generation !== undefined && generation.abortedAt <= this.now();
  }

  private expect(holds: boolean, { id, kind }: Entry, complaint: string): void {
    if (!holds) this.complaints.push(`Call ${id} (${kind}) ${complaint}`);
  }
}

export function held({ waiting, running }: Generation): number {
  return waiting.size + running.size;
}

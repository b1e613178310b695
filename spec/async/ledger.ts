import type { ShutdownOptions } from '../../lib/async/shutdown-options.js';

export type Kind = 'observable' | 'chan' | 'callback';
export type End = 'value' | 'error' | 'empty';

/** A call, as its owner and the server see it. */
export interface Entry {
  readonly id: number;
  readonly kind: Kind;
  /** The pool that was on when the call was made, or what ran calls directly; none of a call that may not be made. */
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
  /** Those that wait to be repeated, and then for a slot. */
  readonly paused: Set<Entry>;
  readonly returning: Set<Entry>;
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
  private direct = generationOf(Infinity, 0);

  constructor(private readonly now: () => number) {}

  enabled(poolSize: number, maxTaskQueueSize: number): void {
    this.current = generationOf(poolSize, maxTaskQueueSize);
    this.generations.push(this.current);
  }

  shutDown({ mode, timeout }: ShutdownOptions): void {
    this.current = undefined;
    if (held(this.direct) > 0) {
      this.generations.push(this.direct);
      this.direct = generationOf(Infinity, 0);
    }
    const wait = mode === 'abort' ? 0 : (timeout ?? Infinity);
    for (const generation of this.generations) {
      generation.abortedAt = Math.min(generation.abortedAt, this.now() + wait);
    }
  }

  submitted(kind: Kind): Entry {
    const generation = this.current ?? (kind === 'observable' ? this.direct : undefined);
    const refused = generation !== undefined && held(generation) === generation.poolSize + generation.maxTaskQueueSize;
    const entry = { id: this.entries.length, kind, generation, refused, cancelled: false, told: [] };
    this.entries.push(entry);
    if (!refused) generation?.waiting.add(entry);
    return entry;
  }

  started(entry: Entry): void {
    const { generation } = entry;
    if (!generation) return this.expect(false, entry, 'was started while the mode was off');
    const [first] = generation.waiting;
    this.expect(first === entry && generation.returning.size === 0, entry, 'was started out of turn');
    this.expect(generation.running.size < generation.poolSize, entry, 'was started without a slot');
    generation.waiting.delete(entry);
    generation.running.add(entry);
  }

  /** It waits to be repeated, and has given its slot back. */
  paused(entry: Entry): void {
    entry.generation?.running.delete(entry);
    entry.generation?.paused.add(entry);
  }

  waited(entry: Entry): void {
    // One that was cut off while it waited is gone.
    if (entry.generation?.paused.delete(entry) === true) entry.generation.returning.add(entry);
  }

  returned(entry: Entry): void {
    const { generation } = entry;
    if (!generation) return;
    const [first] = generation.returning;
    this.expect(first === entry, entry, 'was repeated out of turn');
    this.expect(generation.running.size < generation.poolSize, entry, 'was repeated without a slot');
    generation.returning.delete(entry);
    generation.running.add(entry);
  }

  ended(entry: Entry, end: End): void {
    entry.end = end;
    forget(entry);
  }

  /** The call was unsubscribed from, be it that it had ended. */
  finalised(entry: Entry): void {
    if (entry.end === undefined && !entry.cancelled) this.expect(this.mayAbort(entry), entry, 'was cut off');
    forget(entry);
  }

  cancelled(entry: Entry): void {
    entry.cancelled = true;
    entry.generation?.waiting.delete(entry);
    entry.generation?.paused.delete(entry);
    entry.generation?.returning.delete(entry);
  }

  told(entry: Entry, what: string): void {
    this.expect(!entry.cancelled, entry, `was told ${what} after it was cancelled`);
    this.expect(this.mayBeTold(entry, what), entry, `was told ${what}, after ${entry.told.join() || 'nothing'}`);
    entry.told.push(what);
    if (what === 'SDK.Aborted') forget(entry);
  }

  /** Whether the owner knows all. */
  over({ cancelled, told }: Entry): boolean {
    return cancelled || told.includes('end') || (told.length > 0 && told[0] !== 'value');
  }

  /** To be checked when nothing is about to happen. */
  checkAtRest(): void {
    for (const generation of this.generations) {
      const { waiting, running, paused, returning, poolSize, abortedAt } = generation;
      const [first] = [...returning, ...waiting, ...running, ...paused];
      if (!first) continue;
      if (abortedAt < this.now()) this.complaints.push(`Call ${first.id} outlived its pool`);
      if (waiting.size + returning.size > 0 && running.size < poolSize)
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

export function held({ waiting, running, paused, returning }: Generation): number {
  return waiting.size + running.size + paused.size + returning.size;
}

function generationOf(poolSize: number, maxTaskQueueSize: number): Generation {
  return {
    poolSize,
    maxTaskQueueSize,
    waiting: new Set(),
    running: new Set(),
    paused: new Set(),
    returning: new Set(),
    abortedAt: Infinity,
  };
}

function forget(entry: Entry): void {
  const { waiting, running, paused, returning } = entry.generation ?? generationOf(0, 0);
  for (const set of [waiting, running, paused, returning]) set.delete(entry);
}

import { computed, signal, type Signal } from '@angular/core';
import type { CallEvent } from 'rx-alicloud';

export type CallState = 'waiting' | 'running' | 'throttled' | 'done' | 'refused' | 'cancelled' | 'failed';

export const callStates: readonly CallState[] = [
  'waiting',
  'running',
  'throttled',
  'done',
  'refused',
  'cancelled',
  'failed',
];

export type Counts = Readonly<Record<CallState, number>>;

export interface Cell {
  /** Of the client's call. */
  readonly id: number;
  readonly state: CallState;
}

const states: Partial<Record<CallEvent['type'], CallState>> = {
  queued: 'waiting',
  started: 'running',
  attempt: 'running',
  throttled: 'throttled',
  finished: 'done',
  refused: 'refused',
  cancelled: 'cancelled',
  failed: 'failed',
};

/** How many of the last calls are kept. */
const limit = 240;

/** What the client's events say of its calls: which are where, and how many. */
export class PoolEvents {
  readonly #cells = signal<ReadonlyMap<number, CallState>>(new Map());

  readonly cells: Signal<readonly Cell[]> = computed(() => Array.from(this.#cells(), ([id, state]) => ({ id, state })));
  readonly counts: Signal<Counts> = computed(() => {
    const counts = noCounts();
    for (const state of this.#cells().values()) counts[state]++;
    return counts;
  });

  add({ type, call }: CallEvent): void {
    const state = states[type];
    if (state === undefined) return;
    const cells = new Map(this.#cells()).set(call.id, state);
    for (const id of cells.keys()) {
      if (cells.size <= limit) break;
      cells.delete(id);
    }
    this.#cells.set(cells);
  }

  stateOf(id: number): CallState | undefined {
    return this.#cells().get(id);
  }

  clear(): void {
    this.#cells.set(new Map());
  }
}

function noCounts(): Record<CallState, number> {
  return { waiting: 0, running: 0, throttled: 0, done: 0, refused: 0, cancelled: 0, failed: 0 };
}

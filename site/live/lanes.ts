/** What the picture of the pool shows, made of what the client tells of its calls. */
import type { CallEvent } from '../../lib/index.js';

export type Outcome = 'answered' | 'failed' | 'refused' | 'cancelled';

/** A call. Its times are those of the picture, in milliseconds. */
export interface Marble {
  readonly id: number;
  /** Counted from 0. */
  readonly slot?: number | undefined;
  readonly started?: number;
  readonly ended?: number;
  readonly outcome?: Outcome;
}

/** Immutable: each event makes a new one. */
export interface Lanes {
  /** In the order in which they will start. */
  readonly waiting: readonly Marble[];
  readonly running: readonly Marble[];
  /** In the order in which they ended; those that have left the picture are gone. */
  readonly ended: readonly Marble[];
  /** Of all that have ended. */
  readonly counts: Readonly<Record<Outcome, number>>;
  /** The time of the picture stands still while nothing is under way: since when, in milliseconds since 1970. */
  readonly idleSince: number | undefined;
  /** For how long it has stood still, in milliseconds. */
  readonly stoodStill: number;
}

export const noLanes: Lanes = {
  waiting: [],
  running: [],
  ended: [],
  counts: { answered: 0, failed: 0, refused: 0, cancelled: 0 },
  idleSince: 0,
  stoodStill: 0,
};

/** How much of the past is kept, in milliseconds. */
const kept = 20_000;

/** In milliseconds. */
const justNow = 50;

const outcomes = { finished: 'answered', failed: 'failed', refused: 'refused', cancelled: 'cancelled' } as const;

/** How far the time of the picture is at `now`, in milliseconds since 1970. */
export function pictureTime({ idleSince, stoodStill }: Lanes, now: number): number {
  return (idleSince ?? now) - stoodStill;
}

/** A reducer, for `scan`. */
export function afterEvent(lanes: Lanes, { type, time, call: { id } }: CallEvent): Lanes {
  switch (type) {
    case 'queued':
      return at(time, lanes, () => ({ waiting: [...lanes.waiting, { id }] }));
    case 'started':
      return at(time, lanes, (started) => ({
        waiting: lanes.waiting.filter((marble) => marble.id !== id),
        running: [...lanes.running, { id, slot: freeSlot(lanes), started }],
      }));
    case 'finished':
    case 'failed':
    case 'refused':
    case 'cancelled':
      return at(time, lanes, (ended) => {
        const marble = [...lanes.running, ...lanes.waiting].find((known) => known.id === id) ?? { id };
        const outcome = outcomes[type];
        const others = lanes.running.filter((other) => other !== marble);
        const next = others.find((other) => tookOver(other, marble, ended));
        return {
          waiting: lanes.waiting.filter((other) => other !== marble),
          running: others.map((other) => (other === next ? { ...other, slot: marble.slot } : other)),
          ended: [...lanes.ended.filter((other) => (other.ended ?? 0) > ended - kept), { ...marble, ended, outcome }],
          counts: { ...lanes.counts, [outcome]: lanes.counts[outcome] + 1 },
        };
      });
    default:
      // What happens between a call's start and its end is not in the picture.
      return lanes;
  }
}

/** Changes the lanes at a time of the clock, whose time in the picture `change` is given. */
function at(time: number, lanes: Lanes, change: (time: number) => Partial<Lanes>): Lanes {
  const stoodStill = lanes.stoodStill + (lanes.idleSince === undefined ? 0 : time - lanes.idleSince);
  const changed = { ...lanes, ...change(time - stoodStill), stoodStill };
  const isIdle = changed.waiting.length + changed.running.length === 0;
  return { ...changed, idleSince: isIdle ? time : undefined };
}

function freeSlot({ running }: Lanes): number {
  const taken = new Set(running.map(({ slot }) => slot));
  let slot = 0;
  while (taken.has(slot)) slot += 1;
  return slot;
}

/**
 * A slot is freed, and the next call starts in it, before a response is delivered: what has just started then, seemingly in
 * one slot more, has the slot of the call that ended.
 */
function tookOver({ slot = 0, started = 0 }: Marble, before: Marble, ended: number): boolean {
  return before.slot !== undefined && slot > before.slot && ended - started < justNow;
}

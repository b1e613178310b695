/** Where the marbles of the picture stand, in pixels. */
import { pictureTime, type Lanes, type Marble } from './lanes.js';

export interface Frame {
  readonly width: number;
  readonly poolSize: number;
  readonly maxTaskQueueSize: number;
  /** In milliseconds since 1970. */
  readonly now: number;
}

export interface Lane {
  readonly name: string;
  readonly y: number;
  /** How many there are, or were; a slot has none. */
  readonly count: number | undefined;
  readonly marbles: readonly Placed[];
  readonly bars: readonly Bar[];
  /** Where a marble may wait. */
  readonly places: readonly number[];
}

export interface Placed {
  readonly id: number;
  readonly x: number;
}

/** A call in its slot, from its start to its end or until now. */
export interface Bar {
  readonly id: number;
  readonly x: number;
  readonly width: number;
  /** `undefined` while it runs. */
  readonly outcome: Marble['outcome'];
}

export interface Picture {
  readonly lanes: readonly Lane[];
  readonly height: number;
  /** Where the lanes begin, and where now is. */
  readonly left: number;
  readonly now: number;
}

export const radius = 10;
const laneHeight = 32;
const captions = 76;
const counters = 36;
/** How much of the past is in the picture at most, in milliseconds; in a narrow one it is less. */
const longestSpan = 8_000;
/** At least, in pixels. */
const second = 50;

export function pictureOf(lanes: Lanes, { width, poolSize, maxTaskQueueSize, now }: Frame): Picture {
  const left = captions;
  const right = Math.max(left + 4 * radius, width - counters);
  const time = pictureTime(lanes, now);
  const span = Math.min(longestSpan, ((right - left) / second) * 1000);
  const at = (then: number): number => right - ((time - then) / span) * (right - left);
  const all = [...lanes.ended, ...lanes.running];
  // Those of a pool that was there before may run in more slots than there are.
  const slots = Math.max(poolSize, ...all.map(({ slot = -1, ended }) => (at(ended ?? time) > left ? slot + 1 : 0)));
  const rows = [
    {
      name: 'waiting',
      count: lanes.waiting.length,
      marbles: queue(lanes.waiting, maxTaskQueueSize, left, right),
      bars: [],
      places: placesOf(maxTaskQueueSize, left, right),
    },
    ...Array.from({ length: slots }, (_, slot) => {
      const bars = all.filter((marble) => marble.slot === slot).flatMap((marble) => barOf(marble, at, left, time));
      return { name: `slot ${slot + 1}`, count: undefined, marbles: [], bars, places: [] };
    }),
    ...(['answered', 'failed', 'refused', 'cancelled'] as const)
      // Nothing fails on this emulator, unless something is wrong.
      .filter((outcome) => outcome !== 'failed' || lanes.counts.failed > 0)
      .map((outcome) => ({
        name: outcome,
        count: lanes.counts[outcome],
        marbles: sideBySide(
          lanes.ended.filter((marble) => marble.outcome === outcome),
          at,
          left,
        ),
        bars: [],
        places: [],
      })),
  ];
  return {
    lanes: rows.map((row, index) => ({ ...row, y: (index + 0.5) * laneHeight })),
    height: rows.length * laneHeight,
    left,
    now: right,
  };
}

/** The first in line stands where it will start: at now. */
function queue(waiting: readonly Marble[], size: number, left: number, right: number): Placed[] {
  const step = stepOf(Math.max(size, waiting.length), left, right);
  return waiting.map(({ id }, index) => ({ id, x: right - radius - index * step }));
}

function placesOf(size: number, left: number, right: number): number[] {
  const step = stepOf(size, left, right);
  return Array.from({ length: size }, (_, index) => right - radius - index * step);
}

function stepOf(count: number, left: number, right: number): number {
  return Math.min(2 * radius + 2, (right - left - 2 * radius) / Math.max(1, count - 1));
}

function barOf(marble: Marble, at: (time: number) => number, left: number, time: number): Bar[] {
  const { id, started = 0, ended = time, outcome } = marble;
  const x = Math.max(left, at(started));
  const end = at(ended);
  return end <= left ? [] : [{ id, x, width: end - x, outcome }];
}

/** Each at its time; of those that come at the same time, the earlier are moved to the left. */
function sideBySide(marbles: readonly Marble[], at: (time: number) => number, left: number): Placed[] {
  let edge = Infinity;
  const placed: Placed[] = [];
  for (const { id, ended = 0 } of marbles.toReversed()) {
    const x = Math.min(at(ended) - radius, edge);
    if (x < left + radius) break;
    placed.push({ id, x });
    edge = x - 2 * radius - 1;
  }
  return placed.reverse();
}

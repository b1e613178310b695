/** What the pieces of `rx-alicloud/queues` are to those who are given them; none of them is loaded with this file. */
import type { OpenQueue, Queued } from './waiting-list.js';

/**
 * What waits in front of slots, and who is next: the whole of what a queue of your own has to do. Nothing that is pushed may
 * be lost, and each step should be O(1).
 */
export interface TaskQueue<T> {
  /** How many wait. */
  readonly size: number;
  /** Takes one in. What it throws, the call ends in. */
  push(task: Queued<T>): void;
  /** Takes out the one whose turn it is. `undefined`: none may start now, although some may wait. */
  shift(): Queued<unknown> | undefined;
  /** Takes one out, wherever it is. Returns whether it was there. */
  remove(task: Queued<unknown>): boolean;
  /** One that was shifted has ended, or was cancelled: told where it is there. */
  readonly release?: ((task: Queued<unknown>) => void) | undefined;
}

/** Makes a queue. It calls `wake` when something may start that might not before, but for what `push` and `release` bring. */
export type MakeQueue<T> = (wake: () => void) => TaskQueue<T>;

/** A queue that can be chosen: what `fifo`, `priority`, `fair` and `queueOf` give. One may serve several clients. */
export interface QueueDiscipline<T> {
  /** Makes one that can stand within another. */
  readonly make: MakeQueue<T>;
  /** Whether it drops what waits: then it can't stand within another. */
  readonly drops: boolean;
  /** Makes the queue of a pool. */
  readonly open: OpenQueue<T>;
}

/** The size of a pool that finds it by itself: what `adaptive` gives. */
export interface AdaptiveSize<T> {
  /** What it begins with, and never falls below. */
  readonly min: number;
  /** What it never exceeds. */
  readonly max: number;
  /** Watches what comes out of a queue, and what becomes of it. */
  readonly govern: (open: OpenQueue<T>) => OpenQueue<T>;
}

import type { Links, Waiting, WaitingQueue } from './waiting-list.js';

/**
 * First in, first out, in arrays of a fixed length that are linked: to push, to shift and to take out from anywhere is O(1), with
 * one waiting or a million. Who leaves in between leaves a hole, and an array with nothing but holes is let go. The garbage
 * collector moves and scans arrays faster than a list of links through all that waits (`npm run bench -- --only pool`).
 */
export class ChunkedList<W extends Waiting> implements WaitingQueue<W> {
  /** How many wait. */
  size = 0;
  private oldest: Chunk<W> | undefined = undefined;
  private newest: Chunk<W> | undefined = undefined;

  push(node: W): void {
    let chunk = this.newest;
    if (chunk === undefined || chunk.end === chunkLength) chunk = this.open();
    node.list = chunk;
    node.at = chunk.end;
    chunk.members[chunk.end++] = node;
    chunk.left++;
    this.size++;
  }

  /** Takes out the one that has waited longest. */
  shift(): W | undefined {
    const chunk = this.oldest;
    if (chunk === undefined) return undefined;
    const { members } = chunk;
    // Holes are passed over once each.
    while (chunk.begin < chunk.end) {
      const node = members[chunk.begin++];
      if (node === undefined) continue;
      chunk.unlink(node);
      return node;
    }
    return undefined;
  }

  /** Takes all out. */
  clear(): void {
    while (this.shift());
  }

  /** Called by a chunk that has nothing in it any more. */
  empty(chunk: Chunk<W>): void {
    const { before, after } = chunk;
    // The last one is used again.
    if (after === undefined && before === undefined) {
      chunk.begin = chunk.end = 0;
      return;
    }
    if (before === undefined) this.oldest = after;
    else before.after = after;
    if (after === undefined) this.newest = before;
    else after.before = before;
    // Links left behind would keep the neighbours from being collected for as long as this one is held.
    chunk.before = chunk.after = undefined;
  }

  private open(): Chunk<W> {
    // The first one grows, as most lists are short.
    const chunk = new Chunk(this, this.newest === undefined ? [] : new Array<W | undefined>(chunkLength));
    chunk.before = this.newest;
    if (this.newest === undefined) this.oldest = chunk;
    else this.newest.after = chunk;
    return (this.newest = chunk);
  }
}

const chunkLength = 1024;

class Chunk<W extends Waiting> implements Links {
  /** Where to look for the first of them, and where the next comes. */
  begin = 0;
  end = 0;
  /** How many have not left. */
  left = 0;
  before: Chunk<W> | undefined = undefined;
  after: Chunk<W> | undefined = undefined;

  constructor(
    private readonly list: ChunkedList<W>,
    readonly members: (W | undefined)[],
  ) {}

  /** Called by `leave`. */
  unlink(node: Waiting): void {
    this.members[node.at ?? 0] = undefined;
    node.list = undefined;
    this.list.size--;
    if (--this.left === 0) this.list.empty(this);
  }
}

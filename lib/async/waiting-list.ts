/** A value's place among those that wait. */
export interface QueuePlace {
  /** Takes the value out and frees its place at once, in O(1). Returns whether it was still waiting. */
  remove(): boolean;
}

/**
 * What can be in a {@link WaitingList}, and in one at a time. It carries the list's links, so that no list needs objects
 * of its own.
 */
export interface Waiting {
  /** The list that it is in. */
  list: Links | undefined;
  before: this | undefined;
  after: this | undefined;
}

/** Anything, waiting; and the place that is handed out. */
export class WaitingValue<T> implements Waiting, QueuePlace {
  /** @internal */
  list: Links | undefined = undefined;
  /** @internal */
  before: this | undefined = undefined;
  /** @internal */
  after: this | undefined = undefined;

  constructor(readonly value: T) {}

  remove(): boolean {
    return leave(this);
  }
}

/** Takes a value out of the list that it is in, in O(1). Returns whether it was in one. */
export function leave(node: Waiting): boolean {
  const { list } = node;
  list?.unlink(node);
  return list !== undefined;
}

interface Links {
  unlink(node: Waiting): void;
}

/**
 * First in, first out; to push, to shift and to take out from anywhere is O(1), with one waiting or a million: a doubly
 * linked list whose members carry the links.
 */
export class WaitingList<W extends Waiting> implements Links {
  /** How many wait. */
  size = 0;
  private first: W | undefined = undefined;
  private last: W | undefined = undefined;

  push(node: W): void {
    node.list = this;
    node.before = this.last;
    if (this.last) this.last.after = node;
    else this.first = node;
    this.last = node;
    this.size++;
  }

  /** Takes out the one that has waited longest. */
  shift(): W | undefined {
    const node = this.first;
    if (node) this.unlink(node);
    return node;
  }

  /** Takes all out. */
  clear(): void {
    while (this.shift());
  }

  /** Called by {@link leave}. */
  unlink(node: W): void {
    const { before, after } = node;
    if (before) before.after = after;
    else this.first = after;
    if (after) after.before = before;
    else this.last = before;
    // Links left behind would keep the neighbours from being collected for as long as this one is held.
    node.list = node.before = node.after = undefined;
    this.size--;
  }
}

/** A value's place among those that wait. */
export interface QueuePlace {
  /** Takes the value out and frees its place at once, in O(1). Returns whether it was still waiting. */
  remove(): boolean;
}

/**
 * What can be in a {@link WaitingList}, and in one at a time. It carries the list's links, so that no list needs objects
 * of its own, and is the place that is handed out.
 */
export abstract class Waiting implements QueuePlace {
  /** @internal */
  list: Links | undefined = undefined;
  /** @internal */
  previous: this | undefined = undefined;
  /** @internal */
  next: this | undefined = undefined;

  remove(): boolean {
    const { list } = this;
    list?.unlink(this);
    return list !== undefined;
  }
}

/** Anything, waiting. */
export class WaitingValue<T> extends Waiting {
  constructor(readonly value: T) {
    super();
  }
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
    node.previous = this.last;
    if (this.last) this.last.next = node;
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

  /** Called by members; `remove()` is for everyone else. */
  unlink(node: W): void {
    const { previous, next } = node;
    if (previous) previous.next = next;
    else this.first = next;
    if (next) next.previous = previous;
    else this.last = previous;
    // Links left behind would keep the neighbours from being collected for as long as this one is held.
    node.list = node.previous = node.next = undefined;
    this.size--;
  }
}

/** A value's place among those that wait. */
export interface QueuePlace {
  /** Takes the value out and frees its place at once, in O(1). Returns whether it was still waiting. */
  remove(): boolean;
}

/**
 * First in, first out; each operation is O(1), with one value waiting or a million. A doubly linked list whose nodes
 * are the places handed out, so that a waiting value costs one object.
 */
export class WaitingList<T> {
  /** How many wait. */
  size = 0;
  private first: WaitingNode<T> | undefined;
  private last: WaitingNode<T> | undefined;

  push(value: T): WaitingNode<T> {
    const node = new WaitingNode(value, this, this.last);
    if (this.last) this.last.next = node;
    else this.first = node;
    this.last = node;
    this.size++;
    return node;
  }

  /** Takes out the one that has waited longest. */
  shift(): WaitingNode<T> | undefined {
    const node = this.first;
    if (node) this.unlink(node);
    return node;
  }

  /** Takes all out. */
  clear(): void {
    while (this.shift());
  }

  /** For the nodes of this list only: they know whether they are in it. */
  unlink(node: WaitingNode<T>): void {
    const { previous, next } = node;
    if (previous) previous.next = next;
    else this.first = next;
    if (next) next.previous = previous;
    else this.last = previous;
    // A node that pointed on to its neighbours would keep them from being collected as long as its place is held.
    node.list = node.previous = node.next = undefined;
    this.size--;
  }
}

class WaitingNode<T> implements QueuePlace {
  next: WaitingNode<T> | undefined;

  constructor(
    readonly value: T,
    public list: WaitingList<T> | undefined,
    public previous: WaitingNode<T> | undefined,
  ) {}

  remove(): boolean {
    const { list } = this;
    list?.unlink(this);
    return list !== undefined;
  }
}

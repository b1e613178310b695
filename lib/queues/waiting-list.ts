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
  /** Where it is in a list that does not link it. */
  at?: number;
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

/** What waits in front of slots, as a pool sees it. Taking one out is {@link leave}. */
export interface WaitingQueue<W extends Waiting> {
  /** How many wait. */
  readonly size: number;
  push(member: W): void;
  /** Takes out the one whose turn it is; `undefined` where none may start now. `any`: one of those that are left, whether or not it may. */
  shift(any?: boolean): W | undefined;
  /** Everything was full before one came: takes out another in whose place it is let in. Absent: the one that comes is refused. */
  readonly evict?: ((comer: W) => W | undefined) | undefined;
  /** One that was taken out to be started has ended. */
  release?(member: W): void;
  /** The server has refused a call as one too many. */
  throttled?(): void;
}

/** Something that waits, as a queue sees it: one object, from being pushed to its end. Its links are the queue's that it is in. */
export interface Queued<T> extends Waiting {
  /** What it stands for: a call, or a value of the source. */
  readonly value: T;
  /** Whether nobody waits for it any more. */
  readonly closed?: boolean | undefined;
}

/** What a queue may ask of whoever has slots. */
export interface QueueHost<W> {
  /** How many run at a time. */
  readonly poolSize: number;
  resize(poolSize: number): void;
  /** Looks again for what may start, when the code that runs now has ended. */
  wake(): void;
  /** Ends a member that was taken out, or was not taken in, in an error. */
  drop(member: W, error: unknown): void;
}

/** Makes the queue of a pool. */
export type OpenQueue<T> = <W extends Queued<T>>(host: QueueHost<W>) => WaitingQueue<W>;

/** Takes a value out of the list that it is in, in O(1). Returns whether it was in one. */
export function leave(node: Waiting): boolean {
  const { list } = node;
  list?.unlink(node);
  return list !== undefined;
}

/** What takes its members out by itself. */
export interface Links {
  unlink(node: Waiting): void;
}

/**
 * First in, first out; to push, to shift and to take out from anywhere is O(1), with one waiting or a million: a doubly
 * linked list whose members carry the links.
 */
export class WaitingList<W extends Waiting> implements Links, WaitingQueue<W> {
  /** How many wait. */
  size = 0;
  /** The one that has waited longest. */
  first: W | undefined = undefined;
  last: W | undefined = undefined;

  push(node: W): void {
    node.list = this;
    node.before = this.last;
    if (this.last) this.last.after = node;
    else this.first = node;
    this.last = node;
    this.size++;
  }

  /** Puts one before all others, that has waited for longer. */
  unshift(node: W): void {
    node.list = this;
    node.after = this.first;
    if (this.first) this.first.before = node;
    else this.last = node;
    this.first = node;
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

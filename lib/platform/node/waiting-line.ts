/** First in, first out; to join, to leave from anywhere and to be next is O(1). */
export class WaitingLine<T> {
  private readonly members = new Set<T>();
  /** One that goes on where it was: another would pass by all that have left, each time. */
  private next = this.members.values();

  get size(): number {
    return this.members.size;
  }

  join(member: T): void {
    this.members.add(member);
  }

  leave(member: T): void {
    this.members.delete(member);
  }

  shift(): T | undefined {
    let first = this.next.next();
    if (first.done === true) {
      this.next = this.members.values();
      first = this.next.next();
    }
    if (first.done === true) return undefined;
    this.members.delete(first.value);
    return first.value;
  }
}

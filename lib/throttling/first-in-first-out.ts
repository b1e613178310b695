/** A queue from which any member can leave. Each step is O(1), with one waiting or a million. */
export class FirstInFirstOut<T> {
  private readonly members = new Set<T>();
  /** Goes on from where it was; a new one would step over the places of all that have left. */
  private walk: Iterator<T, undefined> | undefined;

  get size(): number {
    return this.members.size;
  }

  push(member: T): void {
    this.members.add(member);
  }

  /** Takes out the one that has waited longest. */
  shift(): T | undefined {
    if (this.members.size === 0) return undefined;
    this.walk ??= this.members.values();
    const { value, done } = this.walk.next();
    // A walk that has come to the end stays there, whoever comes after.
    if (done === true) {
      this.walk = undefined;
      return this.shift();
    }
    this.members.delete(value);
    return value;
  }

  /** Whether it was there. */
  remove(member: T): boolean {
    return this.members.delete(member);
  }

  /** Takes out those that fit. */
  takeWhere(fits: (member: T) => boolean): T[] {
    const taken = [...this.members].filter(fits);
    for (const member of taken) this.members.delete(member);
    return taken;
  }
}

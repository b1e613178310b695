/** The simplest queue of each discipline that there can be: arrays, looked through from the beginning. */
export interface Call {
  readonly id: number;
  readonly key: string;
  readonly priority: number;
  readonly weight: number;
}

export interface Order {
  push(call: Call): void;
  /** Whose turn it is. */
  next(): Call | undefined;
  /** That one is started. */
  start(call: Call): void;
  /** One leaves that waits. */
  remove(call: Call): void;
  /** One has ended that was started. */
  release(call: Call): void;
}

/** The first in an order: with `before`, whether one goes before another that came earlier. */
export class Sorted implements Order {
  readonly waiting: Call[] = [];

  constructor(private readonly before: (one: Call, other: Call) => boolean = () => false) {}

  push(call: Call): void {
    this.waiting.push(call);
  }

  next(): Call | undefined {
    return this.waiting.reduce<Call | undefined>(
      (best, call) => (best === undefined || this.before(call, best) ? call : best),
      undefined,
    );
  }

  start(call: Call): void {
    this.remove(call);
  }

  remove(call: Call): void {
    this.waiting.splice(this.waiting.indexOf(call), 1);
  }

  release(): void {
    // Order alone does not depend on what runs.
  }
}

/** Round robin between keys. */
export class Turns implements Order {
  private readonly keys = new Map<
    string,
    { readonly waiting: Order & { readonly waiting: Call[] }; running: number }
  >();
  private turns: string[] = [];

  constructor(
    private readonly limit: number,
    private readonly within: () => Order & { readonly waiting: Call[] },
  ) {}

  push(call: Call): void {
    this.of(call).waiting.push(call);
    this.line(call.key);
  }

  next(): Call | undefined {
    const [key] = this.turns;
    return key === undefined ? undefined : this.keys.get(key)?.waiting.next();
  }

  start(call: Call): void {
    const key = this.of(call);
    this.turns.shift();
    key.waiting.start(call);
    key.running++;
    this.line(call.key);
  }

  remove(call: Call): void {
    const key = this.of(call);
    key.waiting.remove(call);
    if (key.waiting.waiting.length === 0) this.turns = this.turns.filter((each) => each !== call.key);
  }

  release(call: Call): void {
    this.of(call).running--;
    this.line(call.key);
  }

  private of({ key }: Call): { readonly waiting: Order & { readonly waiting: Call[] }; running: number } {
    const known = this.keys.get(key) ?? { waiting: this.within(), running: 0 };
    this.keys.set(key, known);
    return known;
  }

  private line(name: string): void {
    const key = this.keys.get(name);
    if (key === undefined || this.turns.includes(name)) return;
    if (key.waiting.waiting.length > 0 && key.running < this.limit) this.turns.push(name);
  }
}

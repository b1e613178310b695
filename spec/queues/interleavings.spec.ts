/** Each discipline in the pool, in random interleavings of all that can be done to it, against a model. */
import fc from 'fast-check';
import { Observable, type Subscriber, type Subscription } from 'rxjs';
import { Pool } from '../../lib/async/pool.js';
import { isClientError } from '../../lib/errors.js';
import { fair, fifo, priority } from '../../lib/queues/index.js';
import type { QueueDiscipline } from '../../lib/queues/discipline.js';
import type { OpenQueue } from '../../lib/queues/waiting-list.js';
import type { Dispatched } from '../../lib/async/dispatcher.js';
import { seeded } from '../async/seeded.js';
import { dispatched } from '../async/through.js';
import { Sorted, Turns, type Call, type Order } from './model.js';

type Command =
  | {
      readonly do: 'call';
      readonly key: string;
      readonly priority: number;
      readonly weight: number;
      /** Whether it ends in the moment it starts. */
      readonly atOnce: boolean;
      readonly inStart: Command | undefined;
      readonly onOutcome: Command | undefined;
    }
  | { readonly do: 'end'; readonly which: number }
  | { readonly do: 'fail'; readonly which: number }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'cancelMany'; readonly from: number }
  | { readonly do: 'resize'; readonly poolSize: number; readonly maxTaskQueueSize: number }
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  | { readonly do: 'shutdown'; readonly abort: boolean };
type Step = Command | { readonly do: 'wait'; readonly time: number };

interface Contender {
  readonly queue: QueueDiscipline<Call>;
  readonly model: () => Order;
  readonly overflow?: 'dropOldest' | 'dropNewest';
  readonly maxQueueTime?: number;
  readonly rate?: { readonly limit: number; readonly interval: number };
}

const byPriority = (one: Call, other: Call): boolean => one.priority > other.priority;
const keyOf = ({ key }: Call): string => key;
const of = ({ priority: number }: Call): number => number;
const rate = { limit: 4, interval: 5 };

const contenders: Readonly<Record<string, Contender>> = {
  'fifo()': { queue: fifo(), model: () => new Sorted() },
  'fifo, dropOldest': { queue: fifo({ overflow: 'dropOldest' }), model: () => new Sorted(), overflow: 'dropOldest' },
  'fifo, dropNewest': { queue: fifo({ overflow: 'dropNewest' }), model: () => new Sorted(), overflow: 'dropNewest' },
  'fifo, maxQueueTime': { queue: fifo({ maxQueueTime: 3 }), model: () => new Sorted(), maxQueueTime: 3 },
  'fifo, rate': { queue: fifo({ rate }), model: () => new Sorted(), rate },
  'fifo, rate with weights, dropOldest and maxQueueTime': {
    queue: fifo({ rate: { ...rate, weight: ({ weight }) => weight }, overflow: 'dropOldest', maxQueueTime: 7 }),
    model: () => new Sorted(),
    overflow: 'dropOldest',
    maxQueueTime: 7,
    rate,
  },
  priority: { queue: priority(of), model: () => new Sorted(byPriority) },
  'priority, dropNewest': {
    queue: priority(of, { overflow: 'dropNewest' }),
    model: () => new Sorted(byPriority),
    overflow: 'dropNewest',
  },
  'priority, maxQueueTime': {
    queue: priority(of, { maxQueueTime: 4 }),
    model: () => new Sorted(byPriority),
    maxQueueTime: 4,
  },
  fair: { queue: fair(keyOf), model: () => new Turns(Infinity, () => new Sorted()) },
  'fair, limit 1': { queue: fair(keyOf, { limit: 1 }), model: () => new Turns(1, () => new Sorted()) },
  'fair, limit 2, dropOldest': {
    queue: fair(keyOf, { limit: 2, overflow: 'dropOldest' }),
    model: () => new Turns(2, () => new Sorted()),
    overflow: 'dropOldest',
  },
  'fair within which priority': {
    queue: fair(keyOf, { limit: 2, within: priority(of), maxQueueTime: 6 }),
    model: () => new Turns(2, () => new Sorted(byPriority)),
    maxQueueTime: 6,
  },
};

beforeAll(() => void jest.useFakeTimers());
afterAll(() => void jest.useRealTimers());

describe.each(Object.entries(contenders))('a pool with %s', (_, contender) => {
  it('ends each call once, runs no more than may run, and keeps the order, whatever is interleaved', async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(fc.array(step, { maxLength: 50, size: 'max' }), async (steps) => {
      const session = new Session(contender);
      for (const each of steps) await session.take(each);
      await session.finish();
      expect(session.complaints).toEqual([]);
      for (const { told, cancelled } of session.entries) seen.add(cancelled ? 'cancelled' : told.join());
    });
    await fc.assert(property, seeded(120));

    // Else the steps would be too tame to show anything.
    const { maxQueueTime } = contender;
    const ends = ['response,complete', 'failed', 'cancelled', 'SDK.Aborted', 'SDK.AsyncQueueFull'];
    if (maxQueueTime !== undefined) ends.push('SDK.AsyncQueueTimeout');
    expect([...seen]).toEqual(expect.arrayContaining(ends));
  }, 60_000);
});

interface Entry extends Call {
  readonly since: number;
  readonly told: string[];
  cancelled: boolean;
}

class Session {
  readonly complaints: string[] = [];
  readonly entries: Entry[] = [];
  private readonly pool: Pool;
  private readonly order: Order;
  private poolSize = 2;
  private maxTaskQueueSize = 3;
  private paused = false;
  private closed = false;
  private aborted = false;
  private readonly waiting: Entry[] = [];
  private readonly running = new Map<Entry, Subscriber<string>>();
  private readonly owned = new Map<Entry, Subscription>();
  /** Those that had to make room, and have not been told yet. */
  private readonly evicted = new Set<Entry>();
  private readonly starts: { readonly at: number; readonly weight: number }[] = [];
  private emptied = 0;

  constructor(private readonly contender: Contender) {
    // What the queue takes them for, the calls of this spec are.
    const open = contender.queue.open as OpenQueue<never> as OpenQueue<Dispatched>;
    this.pool = new Pool(this.poolSize, this.maxTaskQueueSize, () => this.checkEmpty(), open);
    this.order = contender.model();
  }

  async take(step: Step): Promise<void> {
    if (step.do !== 'wait') return this.perform(step);
    await turns();
    this.checkRest();
    for (let time = 0; time < step.time; time++) {
      jest.advanceTimersByTime(1);
      await turns();
      this.checkRest();
    }
  }

  async finish(): Promise<void> {
    await this.take({ do: 'wait', time: 20 });
    for (let round = 0; round < 5; round++) {
      this.shutdown(true);
      await this.take({ do: 'wait', time: 20 });
    }
    for (const { id, told, cancelled } of this.entries) {
      const ends = told.filter((what) => what !== 'response');
      if (ends.length !== (cancelled ? 0 : 1)) this.complain(`Call ${id} was told ${told.join()}`);
    }
    if (this.emptied === 0 && this.entries.some(({ told }) => told[0] === 'response')) this.complain('Never idle');
    if (jest.getTimerCount() > 0) this.complain('A timer is left');
  }

  private perform(command: Command): void {
    switch (command.do) {
      case 'call':
        return this.call(command);
      case 'end':
      case 'fail': {
        const chosen = pick(this.running, command.which);
        return chosen && this.end(...chosen, command.do);
      }
      case 'cancel': {
        const chosen = pick(this.owned, command.which);
        return chosen && this.cancel(...chosen);
      }
      case 'cancelMany': {
        const before = this.starts.length;
        for (const chosen of [...this.owned].slice(command.from)) this.cancel(...chosen);
        if (this.starts.length > before) this.complain('A call was started by a cancel');
        return;
      }
      case 'resize':
        this.poolSize = command.poolSize;
        this.maxTaskQueueSize = command.maxTaskQueueSize;
        return this.pool.resize(command.poolSize, command.maxTaskQueueSize);
      case 'pause':
      case 'resume':
        this.paused = command.do === 'pause';
        return this.pool.suspend(this.paused);
      case 'shutdown':
        return this.shutdown(command.abort);
    }
  }

  private call({ key, priority: number, weight, atOnce, inStart, onOutcome }: Command & { do: 'call' }): void {
    const entry: Entry = {
      id: this.entries.length,
      key,
      priority: number,
      weight,
      since: Date.now(),
      told: [],
      cancelled: false,
    };
    this.entries.push(entry);
    const call = Object.assign(dispatched(), entry);
    if (!this.closed) this.arrive(entry);
    const call$ = new Observable<string>((subscriber) => {
      this.started(entry, subscriber);
      if (inStart) this.perform(inStart);
      if (atOnce && !subscriber.closed) this.end(entry, subscriber, 'end');
    });
    const tell = (what: string): void => {
      const isFirst = entry.told.length === 0;
      this.told(entry, what);
      if (isFirst && onOutcome) this.perform(onOutcome);
    };
    const subscription = this.pool
      .run(call, () => call$)
      .subscribe({
        next: tell,
        error: (error: unknown) => tell(isClientError(error) ? error.code : String(error)),
        complete: () => tell('complete'),
      });
    if (entry.told.length === 0 && !entry.cancelled) this.owned.set(entry, subscription);
  }

  /** What the model makes of a call that comes. */
  private arrive(entry: Entry): void {
    if (this.running.size + this.waiting.length >= this.poolSize + this.maxTaskQueueSize) {
      const { overflow } = this.contender;
      const gone = overflow === undefined ? undefined : this.waiting.at(overflow === 'dropOldest' ? 0 : -1);
      this.evicted.add(gone ?? entry);
      if (gone === undefined) return;
      this.enqueue(entry);
      this.leave(gone);
    } else this.enqueue(entry);
  }

  private enqueue(entry: Entry): void {
    this.waiting.push(entry);
    this.order.push(entry);
  }

  private started(entry: Entry, subscriber: Subscriber<string>): void {
    const now = Date.now();
    const { rate } = this.contender;
    if (this.paused || this.aborted) this.complain(`Call ${entry.id} started although nothing may start`);
    if (this.running.size >= this.poolSize) this.complain(`${this.running.size + 1} run where ${this.poolSize} may`);
    const next = this.order.next();
    if (next !== entry) this.complain(`Call ${entry.id} started where it was the turn of ${next?.id}`);
    this.waiting.splice(this.waiting.indexOf(entry), 1);
    this.order.start(entry);
    this.running.set(entry, subscriber);
    subscriber.add(() => this.running.delete(entry));
    this.starts.push({ at: now, weight: this.weightOf(entry) });
    if (rate && this.used(now) > rate.limit) this.complain(`${this.used(now)} within an interval`);
  }

  /** What was started within the interval that ends now weighs together. */
  private used(now: number): number {
    const { interval } = this.contender.rate ?? { interval: 0 };
    return this.starts.reduce((sum, { at, weight }) => sum + (at > now - interval ? weight : 0), 0);
  }

  private weightOf({ weight }: Call): number {
    return this.contender.rate && 'overflow' in this.contender ? Math.min(weight, this.contender.rate.limit) : 1;
  }

  private end(entry: Entry, subscriber: Subscriber<string>, how: 'end' | 'fail'): void {
    this.running.delete(entry);
    this.order.release(entry);
    if (how === 'fail') return subscriber.error('failed');
    subscriber.next('response');
    subscriber.complete();
  }

  private cancel(entry: Entry, subscription: Subscription): void {
    this.owned.delete(entry);
    if (entry.told.length > 0) return;
    entry.cancelled = true;
    if (this.waiting.includes(entry)) this.leave(entry);
    else if (this.running.delete(entry)) this.order.release(entry);
    else {
      // It has ended, and was about to be told.
      this.evicted.delete(entry);
    }
    subscription.unsubscribe();
  }

  private shutdown(abort: boolean): void {
    this.closed = true;
    this.paused = false;
    if (abort) this.aborted = true;
    this.pool.shutdown(abort ? { mode: 'abort' } : {});
  }

  private told(entry: Entry, what: string): void {
    entry.told.push(what);
    this.owned.delete(entry);
    if (entry.cancelled) this.complain(`Call ${entry.id} was told ${what} after it was cancelled`);
    if (what === 'SDK.AsyncQueueFull' && !this.evicted.delete(entry)) this.complain(`Call ${entry.id} had its place`);
    if (what === 'SDK.AsyncQueueTimeout') {
      if (Date.now() - entry.since < (this.contender.maxQueueTime ?? Infinity)) this.complain('Timed out early');
      this.leave(entry);
    }
    if (what === 'SDK.Aborted' && !this.closed) this.complain(`Call ${entry.id} was aborted by nobody`);
    if (what === 'SDK.Aborted') {
      if (this.waiting.includes(entry)) this.leave(entry);
      else if (this.running.delete(entry)) this.order.release(entry);
    }
  }

  private leave(entry: Entry): void {
    this.waiting.splice(this.waiting.indexOf(entry), 1);
    this.order.remove(entry);
  }

  /** When all that was to happen has happened. */
  private checkRest(): void {
    const { running, waiting } = this.pool.depth;
    if (running !== this.running.size || waiting !== this.waiting.length) {
      this.complain(`${running}+${waiting} where there are ${this.running.size}+${this.waiting.length}`);
    }
    for (const { id } of this.evicted) this.complain(`Call ${id} was not told that it had to go`);
    const now = Date.now();
    const { maxQueueTime = Infinity, rate } = this.contender;
    for (const { id, since } of this.waiting) if (now - since >= maxQueueTime) this.complain(`Call ${id} still waits`);
    const next = this.order.next();
    if (this.paused || this.aborted || next === undefined || this.running.size >= this.poolSize) return;
    if (rate && this.used(now) + this.weightOf(next) > rate.limit) return;
    this.complain(`Call ${next.id} does not start`);
  }

  private checkEmpty(): void {
    this.emptied++;
    if (!this.pool.isEmpty) this.complain('Idle where it is not');
  }

  private complain(complaint: string): void {
    this.complaints.push(complaint);
  }
}

async function turns(): Promise<void> {
  for (let round = 0; round < 10; round++) await Promise.resolve();
}

function pick<K, V>(map: ReadonlyMap<K, V>, which: number): [K, V] | undefined {
  return [...map][which % map.size];
}

const which = fc.nat({ max: 50 });
const simple: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancelMany' as const), from: fc.nat({ max: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('resize' as const),
      poolSize: fc.integer({ min: 1, max: 4 }),
      maxTaskQueueSize: fc.integer({ min: 0, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'pause' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'resume' as const }) },
);

function call(depth: number): fc.Arbitrary<Command> {
  const within: fc.Arbitrary<Command | undefined> = fc.option(
    depth === 0 ? simple : fc.oneof(simple, call(depth - 1)),
    { nil: undefined, freq: 2 },
  );
  return fc.record({
    do: fc.constant('call' as const),
    key: fc.constantFrom('a', 'a', 'b', 'c'),
    priority: fc.nat({ max: 2 }),
    weight: fc.integer({ min: 0, max: 6 }),
    atOnce: fc.constantFrom(true, false, false),
    inStart: within,
    onOutcome: within,
  });
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: simple },
  { weight: 10, arbitrary: call(2) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), time: fc.integer({ min: 0, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('shutdown' as const), abort: fc.boolean() }) },
);

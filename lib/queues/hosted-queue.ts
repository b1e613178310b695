import { timer, type Subscription } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import { AsyncQueueTimeoutError } from '../errors.js';
import { callSafely, reportUnhandled } from '../unhandled-error.js';
import type { MakeQueue, TaskQueue } from './discipline.js';
import type { QueueOptions } from './options.js';
import {
  WaitingList,
  WaitingValue,
  type Links,
  type Queued,
  type QueueHost,
  type WaitingQueue,
} from './waiting-list.js';

/** A {@link TaskQueue} in front of the slots of a host: it also knows who has waited longest, and drops those that have to go. */
export class HostedQueue<W extends Queued<T>, T> implements WaitingQueue<W> {
  private readonly order: TaskQueue<T>;
  /** All that wait, in the order in which they came. */
  private readonly arrivals = new WaitingList<WaitingValue<Entry<W, T>>>();
  /** Those that have been started, where the order wants to hear of their ends. */
  private readonly started = new Map<W, Entry<W, T>>();
  /** One for all: set for the one that has waited longest, or had when it was set. */
  private timer: Subscription | undefined = undefined;
  readonly evict: ((comer: W) => W | undefined) | undefined;

  constructor(
    private readonly host: QueueHost<W>,
    make: MakeQueue<T>,
    private readonly options: Pick<QueueOptions<T>, 'overflow' | 'maxQueueTime'>,
  ) {
    this.order = make(() => host.wake());
    const { overflow = 'error' } = options;
    this.evict = overflow === 'error' ? undefined : (comer) => this.evictBut(comer, overflow);
  }

  get size(): number {
    return this.arrivals.size;
  }

  push(member: W): void {
    const entry = new Entry<W, T>(this, member, monotonicNow());
    try {
      this.order.push(entry);
    } catch (error) {
      return this.host.drop(member, error);
    }
    if (member.closed === true) {
      // Cancelled by what the order has asked about it, when it was in no list yet.
      callSafely(() => void this.order.remove(entry));
      return this.host.drop(member, undefined);
    }
    member.list = entry;
    this.arrivals.push(entry.arrival);
    this.setTimer();
  }

  shift(any = false): W | undefined {
    const entry = any ? this.arrivals.first?.value : this.nextInOrder();
    if (entry === undefined) return undefined;
    if (any) callSafely(() => void this.order.remove(entry));
    else if (this.order.release) this.started.set(entry.member, entry);
    this.forget(entry);
    return entry.member;
  }

  release(member: W): void {
    const entry = this.started.get(member);
    if (entry === undefined) return;
    this.started.delete(member);
    callSafely(() => this.order.release?.(entry));
  }

  /** Takes out one that waits. */
  take(entry: Entry<W, T>): void {
    callSafely(() => void this.order.remove(entry));
    this.forget(entry);
  }

  private evictBut(comer: W, overflow: 'dropOldest' | 'dropNewest'): W | undefined {
    const { first, last } = this.arrivals;
    const [end, next] = overflow === 'dropOldest' ? [first, first?.after] : [last, last?.before];
    const entry = (end?.value.member === comer ? next : end)?.value;
    if (entry) this.take(entry);
    return entry?.member;
  }

  /** An order may be of the user's making, and throw: that is reported, and stops nothing but this step. */
  private nextInOrder(): Entry<W, T> | undefined {
    try {
      // It gives what it was given.
      return this.order.shift() as Entry<W, T> | undefined;
    } catch (error) {
      reportUnhandled(error);
      return undefined;
    }
  }

  private forget({ member, arrival }: Entry<W, T>): void {
    member.list = undefined;
    this.arrivals.unlink(arrival);
    if (this.size > 0) return;
    this.timer?.unsubscribe();
    this.timer = undefined;
  }

  /** Whoever leaves early leaves the timer as it is: it is set anew when it has fired. */
  private setTimer(): void {
    const { maxQueueTime } = this.options;
    const { first } = this.arrivals;
    if (maxQueueTime === undefined || first === undefined || this.timer !== undefined) return;
    const left = Math.max(0, first.value.since + maxQueueTime - monotonicNow());
    this.timer = timer(left).subscribe(() => {
      this.timer = undefined;
      this.expire(maxQueueTime);
      this.setTimer();
    });
  }

  private expire(maxQueueTime: number): void {
    const latest = monotonicNow() - maxQueueTime;
    for (let first; (first = this.arrivals.first) && first.value.since <= latest;) {
      this.take(first.value);
      this.host.drop(first.value.member, new AsyncQueueTimeoutError(maxQueueTime));
    }
  }
}

/** What stands for a member in the order. */
class Entry<W extends Queued<T>, T> implements Queued<T>, Links {
  list: Links | undefined = undefined;
  before: this | undefined = undefined;
  after: this | undefined = undefined;
  readonly arrival = new WaitingValue(this);

  constructor(
    private readonly queue: HostedQueue<W, T>,
    readonly member: W,
    readonly since: number,
  ) {}

  get value(): T {
    return this.member.value;
  }

  /** The member leaves. */
  unlink(): void {
    this.queue.take(this);
  }
}

import { Observable, type Subscription } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import { pause } from '../retry/pause.js';
import { callSafely } from '../unhandled-error.js';
import { WaitingList, WaitingValue } from '../queues/waiting-list.js';

/** Where the server does not say for how long, in milliseconds: doubling from the one to the other. */
export const firstDelay = 500;
export const longestDelay = 20_000;

/** A gate that nobody has asked for since is forgotten, in milliseconds after it was to open. */
export const memory = 60_000;

/** The right to pass a gate, until the gate closes again. */
export interface Grant {
  readonly gate: Gate;
  /** How often the gate had closed when it was given. */
  readonly epoch: number;
}

export interface Waiter {
  /** The time, by `monotonicNow()`, from which on waiting is of no use. */
  readonly until: number;
  /** Told once, how long the gate stays closed, in milliseconds, where that is too long. */
  readonly tooLong: (wait: number) => unknown;
}

interface Waiting extends Waiter {
  readonly enter: (grant: Grant) => void;
  readonly refuse: (wait: number) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Stands before the calls of a scope from a throttle until the scope has recovered. It is closed for a while; then one
 * call, the probe, goes ahead; when that is let through, two may be in flight, and one more with each success, until
 * nobody waits any more.
 */
export class Gate {
  private readonly waiting = new WaitingList<WaitingValue<Waiting>>();
  private timer: Subscription | undefined;
  /** By `monotonicNow()`. */
  protected opensAt = 0;
  /** When it would open if the server had its way, by the same clock. */
  protected askedUntil = 0;
  protected closedFor = 0;
  protected epoch = 0;
  /** Closings since the last success. */
  protected inARow = 0;
  /** Of calls that went ahead since the last epoch. */
  protected inFlight = 0;
  protected allowed = 1;
  protected serving = false;

  /** `recovered` is called when there is no need of the gate any more. */
  constructor(protected readonly recovered: () => void) {}

  /** How much longer it stays closed, in milliseconds. */
  get remaining(): number {
    return Math.max(0, Math.min(this.opensAt - monotonicNow(), this.closedFor));
  }

  /** When it opens, by `monotonicNow()`, where it has not, and how many wait for that or for those before them. */
  get held(): { readonly until: number | undefined; readonly waiting: number } {
    return { until: this.remaining > 0 ? this.opensAt : undefined, waiting: this.waiting.size };
  }

  get isHolding(): boolean {
    return this.remaining > 0 || this.waiting.size > 0;
  }

  /** Nobody is there, and nobody has come for long: what it knows is out of date. */
  get isForgotten(): boolean {
    return this.waiting.size === 0 && this.inFlight === 0 && monotonicNow() > this.opensAt + memory;
  }

  /** Emits a grant when it is the call's turn. Unsubscribing before that gives the place up. */
  enter({ until, tooLong }: Waiter): Observable<Grant> {
    return new Observable((caller) => {
      // Unsubscribed from while somebody was told that it has to wait.
      if (caller.closed) return;
      const waiting: Waiting = {
        until,
        tooLong,
        enter(grant) {
          caller.next(grant);
          caller.complete();
        },
        refuse: (wait) => caller.error(tooLong(wait)),
        fail: (error) => caller.error(error),
      };
      const now = monotonicNow();
      if (this.remaining > 0 && this.askedUntil > until) return waiting.refuse(this.askedUntil - now);
      const place = new WaitingValue(waiting);
      this.waiting.push(place);
      caller.add(() => {
        if (place.remove()) this.armTimer();
      });
      this.serve();
    });
  }

  /**
   * The server has refused a call of the scope, or has said that it will refuse the next. `wait` is what it asks for, in
   * milliseconds, `longest` how much of that is heeded before a probe goes; `grant` is the call's.
   */
  close(wait: number | undefined, grant: Grant | undefined, longest = Infinity): void {
    const isNews = this.epoch === 0 || this.holds(grant);
    // Of calls that were in flight when the gate closed, many are refused: that is the same throttle again.
    if (wait === undefined && !isNews) return;
    if (isNews) this.inARow++;
    const delay = wait ?? Math.min(longestDelay, firstDelay * 2 ** (this.inARow - 1));
    const { remaining } = this;
    const asked = Math.max(remaining > 0 ? this.askedUntil - monotonicNow() : 0, delay);
    this.closeFor(Math.max(remaining, Math.min(delay, longest)), asked);
  }

  /** From now on, in milliseconds; `asked`: for how long it would be if the server had its way. */
  protected closeFor(closedFor: number, asked: number): void {
    const now = monotonicNow();
    this.askedUntil = now + asked;
    this.closedFor = closedFor;
    this.opensAt = now + closedFor;
    this.epoch++;
    this.inFlight = 0;
    this.allowed = 1;
    for (const waiting of this.takeExpired()) callSafely(() => waiting.refuse(this.askedUntil - now));
    this.serve();
  }

  /** A call that holds a grant was let through; `remain` more will be, where the server says so. */
  succeed(remain: number | undefined): void {
    this.inARow = 0;
    this.allowed = remain ?? this.allowed + 1;
    if (this.waiting.size === 0) this.recovered();
  }

  /** The call is over, whatever became of it: its place is the next one's. */
  leave(grant: Grant): void {
    if (!this.holds(grant)) return;
    this.inFlight--;
    this.serve();
  }

  holds(grant: Grant | undefined): grant is Grant {
    return grant?.gate === this && grant.epoch === this.epoch;
  }

  /** Whether anybody waits. */
  protected get isWaitedFor(): boolean {
    return this.waiting.size > 0;
  }

  /** Ends all that wait. */
  fail(error: Error): void {
    for (let left = this.waiting.size; left > 0; left--) {
      const waiting = this.waiting.shift()?.value;
      if (waiting !== undefined) callSafely(() => waiting.fail(error));
    }
  }

  /** Takes out those for whom waiting is of no use any more; the others keep their order. */
  private takeExpired(): Waiting[] {
    const expired: Waiting[] = [];
    for (let left = this.waiting.size; left > 0; left--) {
      const place = this.waiting.shift();
      if (place === undefined) break;
      if (this.askedUntil > place.value.until) expired.push(place.value);
      else this.waiting.push(place);
    }
    return expired;
  }

  /** Whether one that waits may go, now that it is not closed any more. */
  protected mayPass(): boolean {
    return true;
  }

  /** After how long that may be otherwise, in milliseconds; `undefined` where something else will tell. */
  protected nextLook(): number | undefined {
    return this.remaining;
  }

  /** Not re-entrant: calls that end synchronously would otherwise recurse through here, and overflow the stack. */
  protected serve(): void {
    if (this.serving) return;
    this.serving = true;
    while (this.waiting.size > 0 && this.inFlight < this.allowed && this.remaining === 0 && this.mayPass()) {
      const next = this.waiting.shift()?.value;
      if (next === undefined) break;
      this.inFlight++;
      const grant = { gate: this, epoch: this.epoch };
      callSafely(() => next.enter(grant));
    }
    this.serving = false;
    this.armTimer();
  }

  /** There is a timer only while the gate is closed and somebody waits for it. */
  private armTimer(): void {
    this.timer?.unsubscribe();
    this.timer = undefined;
    if (this.waiting.size === 0 || this.inFlight >= this.allowed) return;
    // It may be none by now: the clock has gone on since it was last looked at.
    const wait = this.nextLook();
    if (wait === undefined) return;
    this.timer = pause(wait).subscribe(() => {
      this.closedFor = 0;
      this.serve();
    });
  }
}

/** Limits that are configured: a call starts when each of those that count it has room, and waits outside of all of them until then. */
import { Observable, type Subscription } from 'rxjs';
import { preciseNow } from '../clock/monotonic.js';
import type { ThrottledKey, ThrottleKey } from '../events/events.js';
import { WaitingList, WaitingValue } from '../queues/waiting-list.js';
import { pause } from '../retry/pause.js';
import { invalidOption } from '../schema/options.js';
import { callSafely } from '../unhandled-error.js';
import type { LimitedCall, LimitKeyPart, LimitOptions } from './limit-options.js';
import type { LimitOfKey, OpenSource, Supply, SupplyHost, SupplySource, Token, WaitingGroup } from './supply.js';

export interface LimitWait {
  /** Since when it waits, of one that has waited before: `limits.arrive()`. */
  readonly arrival: number;
  /** The time, by `preciseNow()`, from which on waiting is of no use. */
  readonly until: number;
  /** Told how long the wait is at least, in milliseconds, where that is too long. */
  readonly tooLong: (wait: number) => unknown;
}

/** One limit of one key, and who waits for it. */
export class LimitedKey {
  /** How many have taken of it and have not ended. */
  held = 0;
  readonly groups = new Set<Group>();
  /** Keeps one for the group that has waited longest, where it has missed it again and again. */
  reservedFor: Group | undefined = undefined;

  constructor(
    readonly supply: Supply,
    readonly isRate: boolean,
    readonly shown: ThrottleKey,
  ) {}

  freeFor(group: Group | undefined, now: number): number {
    const { reservedFor } = this;
    const isKept = reservedFor !== undefined && reservedFor !== group;
    return this.supply.free(now) - (isKept ? 1 : 0);
  }

  /** As it is told of: `until` is by `preciseNow()`, in whole milliseconds, which fractions would make another one each time. */
  throttled(now: number): ThrottledKey {
    const wait = this.supply.waitFor(0, now);
    const waiting = [...this.groups].reduce((sum, { size }) => sum + size, 0);
    return { ...this.shown, until: wait > 0 ? Math.round(now + wait) : undefined, waiting };
  }

  isIdle(now: number): boolean {
    return this.held === 0 && this.groups.size === 0 && this.supply.isIdle(now);
  }
}

/** Calls that wait for the same keys: each takes of all of them, in one step, or of none. */
class Group implements WaitingGroup {
  readonly waiting = new WaitingList<WaitingValue<Waiter>>();
  readonly supplies: readonly Supply[];
  /** Those that it had to leave to others since its first is the first, as it lacked another. */
  readonly missed = new Set<LimitedKey>();

  constructor(
    readonly name: string,
    readonly keys: readonly LimitedKey[],
  ) {
    this.supplies = keys.map(({ supply }) => supply);
  }

  get size(): number {
    return this.waiting.size;
  }

  /** Of the one that has waited longest. */
  get arrival(): number {
    return this.waiting.first?.value.arrival ?? Infinity;
  }

  mayGo(now: number): boolean {
    return this.keys.every((key) => key.freeFor(this, now) >= 1);
  }

  want(now: number): void {
    for (const { supply } of this.keys) if (supply.free(now) < 1) supply.wanted(true, now);
  }
}

interface Waiter {
  readonly arrival: number;
  readonly enter: (permit: Permit) => void;
  readonly fail: (error: unknown) => void;
}

interface Taken {
  readonly key: LimitedKey;
  readonly token: Token;
}

/** The right of one call to start, and to run. */
export class Permit {
  private ended = false;

  constructor(private readonly taken: readonly Taken[]) {}

  /** Whether a rate is among the limits. */
  get paced(): boolean {
    return this.taken.some(({ key }) => key.isRate);
  }

  /** The call starts only now. Where that is too late, the permit has ended, and `false` is returned. */
  restart(now = preciseNow()): boolean {
    const spent = new Set(this.taken.filter(({ key, token }) => !key.supply.restart(token, now)));
    if (spent.size === 0) return true;
    this.end((taken) => {
      if (!spent.has(taken)) taken.key.supply.giveBack(taken.token, now);
    });
    return false;
  }

  /** The call was not started after all. */
  giveBack(): void {
    const now = preciseNow();
    this.end(({ key, token }) => key.supply.giveBack(token, now));
  }

  /** The call has ended, whatever became of it. Once is enough, and more does no harm. */
  release(): void {
    this.end(({ key, token }) => key.supply.release(token));
  }

  private end(each: (taken: Taken) => void): void {
    if (this.ended) return;
    this.ended = true;
    for (const { key } of this.taken) key.held--;
    for (const taken of this.taken) each(taken);
  }
}

/** One set for all who share a `RateLimiter`. */
export class Limits implements SupplyHost {
  private readonly source: SupplySource;
  private readonly named: readonly {
    readonly limit: LimitOptions;
    readonly path: string;
    readonly names: readonly string[];
  }[];
  /** By limit and name: one for its rate, one for its concurrency. Out of sight, as an account may be in it. */
  readonly #keys = new Map<string, readonly LimitedKey[]>();
  /** Looked through for those that nobody uses when there are so many. */
  private crowd = smallCrowd;
  readonly #groups = new Map<string, Group>();
  private readonly changed = new Set<LimitedKey>();
  private serving = false;
  private arrivals = 0;

  constructor(limits: readonly LimitOptions[], open: OpenSource) {
    this.source = open(this);
    this.named = limits.map((limit, i) => ({ limit, path: `RateLimiter.limits[${i}].by()`, names: namesOf(limit, i) }));
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#keys.size;
  }

  /** What calls wait for; `until` is by `preciseNow()`. */
  held(): ThrottledKey[] {
    return this.before([...this.#keys.values()].flat().filter(({ groups }) => groups.size > 0));
  }

  /** Those of the keys that have none left. */
  before(keys: readonly LimitedKey[]): ThrottledKey[] {
    const now = preciseNow();
    return keys.filter(({ supply }) => supply.free(now) < 1).map((key) => key.throttled(now));
  }

  /** What the call is counted by: nothing where no limit is for it. Throws what a function of the user's does. */
  keysOf(call: LimitedCall): readonly LimitedKey[] {
    const keys: LimitedKey[] = [];
    for (const named of this.named) {
      const { limit, path } = named;
      const value = valueOf(limit, call, path);
      if (value !== undefined) keys.push(...this.keysNamed(named, value, call));
    }
    return keys;
  }

  /** The place of one that comes now among those that wait. */
  arrive(): number {
    return this.arrivals++;
  }

  /** A permit, where the call may start at once. Throws where nothing may start at all. */
  tryAcquire(keys: readonly LimitedKey[]): Permit | undefined {
    if (keys.length === 0) return free;
    if (this.source.problem !== undefined) throw this.source.problem;
    const now = preciseNow();
    // There may be some that nobody has been told of: timers are late.
    for (const key of keys) if (key.groups.size > 0 && key.freeFor(undefined, now) >= 1) this.serve([key]);
    return keys.every((key) => key.freeFor(undefined, now) >= 1) ? take(keys, now) : undefined;
  }

  /** Emits a permit when it is the call's turn. Unsubscribing before that gives the place up, and after it the permit is the call's to end. */
  wait(keys: readonly LimitedKey[], { arrival, until, tooLong }: LimitWait): Observable<Permit> {
    return new Observable((caller) => {
      if (caller.closed) return;
      const now = preciseNow();
      const group = this.groupOf(keys);
      const ahead = arrival < group.arrival ? 0 : group.size;
      const wait = this.waitFor(group, ahead, now);
      if (now + wait > until) {
        this.settle(group);
        return caller.error(tooLong(wait));
      }
      let timer: Subscription | undefined;
      const place = new WaitingValue<Waiter>({
        arrival,
        enter(permit) {
          timer?.unsubscribe();
          caller.next(permit);
          caller.complete();
        },
        fail: (error) => caller.error(error),
      });
      if (arrival < group.arrival) group.waiting.unshift(place);
      else group.waiting.push(place);
      for (const key of keys) key.groups.add(group);
      if (until < Infinity) {
        timer = pause(Math.ceil(until - now)).subscribe(() => {
          place.remove();
          const time = preciseNow();
          // Where it is not known, it is as long again as it was.
          const left = Math.max(this.waitFor(group, ahead, time), time - now);
          this.settle(group);
          caller.error(tooLong(left));
        });
      }
      caller.add(() => {
        timer?.unsubscribe();
        if (place.remove()) this.settle(group);
      });
      if (group.mayGo(now)) this.serve(keys);
      else group.want(now);
    });
  }

  groups(): Group[] {
    return [...this.#groups.values()].sort((one, other) => one.arrival - other.arrival);
  }

  fail(error: Error): void {
    for (const group of this.#groups.values()) {
      for (let place; (place = group.waiting.shift());) {
        const { fail } = place.value;
        callSafely(() => fail(error));
      }
      this.settle(group);
    }
  }

  /** At least, for all keys together. */
  private waitFor(group: Group, ahead: number, now: number): number {
    return Math.max(...group.supplies.map((supply) => supply.waitFor(ahead, now)));
  }

  private keysNamed(
    { limit, names }: (typeof this.named)[number],
    value: string,
    call: LimitedCall,
  ): readonly LimitedKey[] {
    const name = `${names[0]}\n${value}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    this.forget();
    const keys = supplyLimits(limit).map((of, i) => {
      const supply = this.source.open(`${names[i]}\n${value}`, of, () => this.serve([key]));
      const key: LimitedKey = new LimitedKey(supply, 'rate' in of, shownKey(limit, of, value, call));
      return key;
    });
    this.#keys.set(name, keys);
    return keys;
  }

  private forget(): void {
    if (this.#keys.size < this.crowd) return;
    const now = preciseNow();
    for (const [name, keys] of this.#keys) if (keys.every((key) => key.isIdle(now))) this.#keys.delete(name);
    this.crowd = Math.max(smallCrowd, 2 * this.#keys.size);
  }

  private groupOf(keys: readonly LimitedKey[]): Group {
    // The same keys come in the same order.
    const name = keys.map((key) => this.idOf(key)).join();
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group = new Group(name, keys);
    this.#groups.set(name, group);
    return group;
  }

  private readonly ids = new WeakMap<LimitedKey, number>();
  private lastId = 0;

  private idOf(key: LimitedKey): number {
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.ids.set(key, ++this.lastId);
    return this.lastId;
  }

  /** Some of a group have left without a permit. */
  private settle(group: Group): void {
    group.missed.clear();
    if (group.size === 0) {
      this.#groups.delete(group.name);
      for (const key of group.keys) {
        key.groups.delete(group);
        if (key.groups.size === 0) key.supply.wanted(false, preciseNow());
      }
    }
    for (const key of group.keys) if (key.reservedFor === group) key.reservedFor = undefined;
    // What was kept for it is somebody else's.
    this.serve(group.keys);
  }

  /** Lets those go who wait for these keys and may. Not re-entrant: calls that end within would overflow the stack. */
  private serve(keys: readonly LimitedKey[]): void {
    if (this.#groups.size === 0) return;
    for (const key of keys) this.changed.add(key);
    if (this.serving) return;
    this.serving = true;
    for (const key of this.changed) {
      this.changed.delete(key);
      this.serveKey(key);
    }
    this.serving = false;
  }

  private serveKey(key: LimitedKey): void {
    if (this.source.problem !== undefined) return;
    const now = preciseNow();
    while (key.groups.size > 0 && key.supply.free(now) >= 1) {
      const next = nextOf(key, now);
      if (next === undefined) break;
      this.enter(next, now);
    }
    for (const group of key.groups) group.want(now);
  }

  private enter(group: Group, now: number): void {
    const place = group.waiting.shift();
    if (place === undefined) return;
    const permit = take(group.keys, now);
    this.settle(group);
    callSafely(() => place.value.enter(permit));
  }
}

const smallCrowd = 64;

/** Of calls that no limit is for. */
const free = new Permit([]);

function take(keys: readonly LimitedKey[], now: number): Permit {
  return new Permit(
    keys.map((key) => {
      key.held++;
      return { key, token: key.supply.take(now) };
    }),
  );
}

/**
 * Whose turn it is at a key that has some left: of those who lack nothing else, the group that has waited longest. One that has
 * waited longer and lacks another key is passed by, so that it does not hold up all others; but where both keys have passed it by,
 * each when the other was lacking, one is kept for it, as this would go on for ever. Of two groups that share keys, the same is
 * the older one at all of them, so that none waits for what is kept for the other.
 */
function nextOf(key: LimitedKey, now: number): Group | undefined {
  let oldest: Group | undefined;
  let next: Group | undefined;
  for (const group of key.groups) {
    if (oldest === undefined || group.arrival < oldest.arrival) oldest = group;
    if ((next === undefined || group.arrival < next.arrival) && group.mayGo(now)) next = group;
  }
  if (oldest === undefined || next === oldest) return next;
  const lacking = oldest.keys.filter((each) => each.freeFor(oldest, now) < 1);
  oldest.missed.add(key);
  if (key.reservedFor === oldest || !lacking.every((each) => oldest.missed.has(each))) return next;
  key.reservedFor = oldest;
  return nextOf(key, now);
}

/** What of a limit is counted by itself. */
function supplyLimits({ rate, concurrency }: LimitOptions): LimitOfKey[] {
  return [...(rate === undefined ? [] : [{ rate }]), ...(concurrency === undefined ? [] : [{ concurrency }])];
}

/**
 * What tells the parts of a limit from those of others, in all processes: what it counts by and over how long, so that another
 * number is another limit of the same. Of functions, all that is known is which one of the list it is.
 */
function namesOf(limit: LimitOptions, i: number): string[] {
  const { by = allParts } = limit;
  const what = typeof by === 'function' ? `function ${i}` : by.join(' ');
  return supplyLimits(limit).map((of) => ('rate' in of ? `${what}, in ${of.rate.interval} ms` : `${what}, at a time`));
}

/** Whose calls they are is not for telling. */
function shownKey({ by = allParts }: LimitOptions, of: LimitOfKey, value: string, call: LimitedCall): ThrottleKey {
  const limit = 'rate' in of ? `${of.rate.limit} in ${of.rate.interval} ms` : `${of.concurrency} at a time`;
  const { account } = call;
  if (typeof by === 'function') return { limit, name: account === '' ? value : value.replaceAll(account, '***') };
  const parts = by.flatMap((part) => (part === 'account' ? [] : [[part, call[part]] as const]));
  return { limit, ...Object.fromEntries(parts) };
}

const allParts: readonly LimitKeyPart[] = ['account', 'region', 'product', 'operation'];

/** None of the parts has a line break in it. */
function valueOf({ by = allParts }: LimitOptions, call: LimitedCall, path: string): string | undefined {
  if (typeof by !== 'function') {
    let value = '';
    for (const part of by) value += `${call[part]}\n`;
    return value;
  }
  const value: unknown = by(call);
  if (value !== undefined && typeof value !== 'string') throw invalidOption(path, 'a text or undefined', value);
  return value;
}

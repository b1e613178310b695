/** Limits that processes share: what they start and run is leased to them in advance, so that most calls ask nobody. */
import { asapScheduler, catchError, defer, of, timer, type Observable, type Subscription } from 'rxjs';
import { isVirtual, preciseNow } from '../clock/monotonic.js';
import { toAlicloudError } from '../errors.js';
import { backgroundTimer } from '../platform/background-timer.js';
import { pause } from '../retry/pause.js';
import type { LeaseDemand, LeaseGrant, LeaseStore } from './lease-exchange.js';
import { LeasedConcurrency } from './leased-concurrency.js';
import { LeasedRate } from './leased-rate.js';
import type { LeaseHolder, LeasedSupply } from './leased-supply.js';
import type { LimitOfKey, Supply, SupplyHost, SupplySource, WaitingGroup } from './supply.js';

/** How often leases are looked at that calls have left over, in milliseconds. */
const tidyEvery = 100;
/** How often a store is tried that could not be reached, in milliseconds, as long as there are calls. */
const retryEvery = 250;
/** How far ahead tokens are asked for at least, in milliseconds: the time in which a busy process comes to that. */
const leastHorizon = 10;
/** The most calls of a group that tokens are asked for at a time. */
const mostCalls = 1000;

/** Of one process: it says who that is. */
export class Leases implements SupplySource, LeaseHolder {
  alone = false;
  roundTrip = 0;
  private failure: Error | undefined = undefined;
  /** Those with something to look at from time to time. */
  private readonly kept = new Set<LeasedSupply>();
  private readonly toTell = new Set<LeasedSupply>();
  private scheduled = false;
  private asking = false;
  private triedAt = -Infinity;
  private next: Subscription | undefined = undefined;
  private nextAt = Infinity;
  private tidying: Subscription | undefined = undefined;

  constructor(
    private readonly store: LeaseStore,
    private readonly host: SupplyHost,
    private readonly process: string,
  ) {}

  get leaseTime(): number {
    return this.store.leaseTime;
  }

  get problem(): Error | undefined {
    if (this.failure !== undefined) this.tryAgain();
    return this.failure;
  }

  open(key: string, limit: LimitOfKey, ready: () => void): Supply {
    const leased = { key, limit, ready, holder: this };
    return 'rate' in limit ? new LeasedRate(leased, limit.rate) : new LeasedConcurrency(leased, limit.concurrency);
  }

  wanted(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    // All that is wanted by the code that runs now is asked for at once.
    asapScheduler.schedule(() => {
      this.scheduled = false;
      this.ask();
    });
  }

  rest(): void {
    if (this.next === undefined || this.host.groups().length > 0 || preciseNow() >= this.nextAt) return;
    this.next.unsubscribe();
    this.next = undefined;
    this.nextAt = Infinity;
  }

  giveBack(supply: LeasedSupply): void {
    this.toTell.add(supply);
    this.wanted();
  }

  keep(supply: LeasedSupply): void {
    this.kept.add(supply);
    if (this.tidying !== undefined) return;
    const wait$: Observable<unknown> = isVirtual() ? timer(tidyEvery) : backgroundTimer(tidyEvery);
    this.tidying = wait$.subscribe(() => {
      this.tidying = undefined;
      this.tidy();
    });
  }

  private tidy(): void {
    const now = preciseNow();
    for (const supply of this.kept) {
      const what = supply.tidy(now);
      if (what === 'forget') this.kept.delete(supply);
      else this.keep(supply);
      if (what === 'tell') this.toTell.add(supply);
    }
    if (this.toTell.size > 0) this.ask();
  }

  /** One exchange at a time: what comes up meanwhile is asked for in the next one, all at once. */
  private ask(): void {
    if (this.asking) return;
    const now = preciseNow();
    if ((this.alone || this.failure !== undefined) && now - this.triedAt < retryEvery) return;
    this.triedAt = now;
    const { groups, supplies } = this.due(now);
    if (supplies.length === 0 && !this.alone && this.failure === undefined) return;
    const index = new Map(supplies.map((supply, i) => [supply, i]));
    const asks = supplies.map((supply) => supply.ask(now));
    const demands = demandsOf(groups, index, now);
    this.toTell.clear();
    this.asking = true;
    defer(() =>
      this.store.exchange({ process: this.process, horizon: leastHorizon + 2 * this.roundTrip, asks, demands }),
    )
      .pipe(catchError((error: unknown) => of(toAlicloudError(error))))
      .subscribe((reply) => {
        this.asking = false;
        if (reply instanceof Error) this.fail(reply, supplies);
        else this.accept(reply, supplies, now);
      });
  }

  /** The groups that may ask now, and the supplies that there is something to say of; else a timer is set. */
  private due(now: number): { readonly groups: readonly WaitingGroup[]; readonly supplies: LeasedSupply[] } {
    const supplies = new Set(this.toTell);
    const groups: WaitingGroup[] = [];
    let earliest = Infinity;
    for (const group of this.host.groups()) {
      // What is at hand later counts, too: then there is nothing to ask for.
      const lacking = leased(group).filter((supply) => supply.atHand(now) < group.size);
      if (lacking.length === 0) continue;
      const askAt = Math.max(...lacking.map((supply) => supply.askAt));
      if (askAt > now) {
        earliest = Math.min(earliest, askAt);
        continue;
      }
      groups.push(group);
      for (const supply of leased(group)) supplies.add(supply);
    }
    this.askAgainAt(earliest, now);
    return { groups, supplies: [...supplies] };
  }

  /** One that comes too early finds nothing to do, and costs less than to be set anew each time. */
  private askAgainAt(time: number, now: number): void {
    if (time >= this.nextAt) return;
    this.next?.unsubscribe();
    this.nextAt = time;
    this.next = pause(Math.ceil(time - now)).subscribe(() => {
      this.next = undefined;
      this.nextAt = Infinity;
      this.ask();
    });
  }

  private accept(grants: readonly LeaseGrant[], supplies: readonly LeasedSupply[], sentAt: number): void {
    const now = preciseNow();
    const took = now - sentAt;
    // Up at once, and down slowly.
    this.roundTrip = Math.max(took, this.roundTrip + (took - this.roundTrip) / 8);
    this.alone = false;
    this.failure = undefined;
    supplies.forEach((supply, i) => {
      const grant = grants[i];
      if (grant !== undefined) supply.granted(grant, sentAt, now);
    });
    for (const supply of supplies) supply.ready();
    this.wanted();
  }

  private fail(error: Error, supplies: readonly LeasedSupply[]): void {
    for (const supply of supplies) supply.lost();
    if (this.store.whenUnavailable === 'fail') {
      this.failure = error;
      return this.host.fail(error);
    }
    this.alone = true;
    for (const group of this.host.groups()) for (const supply of leased(group)) supply.ready();
  }

  private tryAgain(): void {
    this.wanted();
  }
}

function leased(group: WaitingGroup): readonly LeasedSupply[] {
  // Its host has no others: it opened them all.
  return group.supplies as readonly LeasedSupply[];
}

/** What a supply has at hand counts for those first that have waited longest. */
function demandsOf(
  groups: readonly WaitingGroup[],
  index: ReadonlyMap<LeasedSupply, number>,
  now: number,
): LeaseDemand[] {
  const left = new Map<LeasedSupply, number>();
  return groups.map((group) => {
    const calls = Math.min(group.size, mostCalls);
    const needs = leased(group).map((supply): readonly [number, number] => {
      const atHand = left.get(supply) ?? supply.atHand(now);
      left.set(supply, Math.max(0, atHand - calls));
      return [index.get(supply) ?? 0, Math.min(atHand, calls)];
    });
    return { calls, needs };
  });
}

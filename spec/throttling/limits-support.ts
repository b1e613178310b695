/** Processes that make calls under limits, in virtual time, and what was seen of it. */
import { delay, Observable, of, throwError, timer, map, mergeMap, type Subscription } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { LeaseStore } from '../../lib/throttling/lease-exchange.js';
import { Leases } from '../../lib/throttling/leases.js';
import type { LimitedCall, LimitOptions } from '../../lib/throttling/limit-options.js';
import { Limits, type Permit } from '../../lib/throttling/limits.js';
import { localSupplies } from '../../lib/throttling/local-supplies.js';
import { LeaseModel } from './lease-model.js';

export const call: LimitedCall = {
  account: 'LTAI1',
  region: 'cn-hangzhou',
  product: 'Ecs',
  operation: 'DescribeZones',
  request: {},
  options: undefined,
};

export interface Made {
  /** @default that of `call` */
  readonly of?: Partial<LimitedCall>;
  /** How long it is under way, in milliseconds. @default 10 */
  readonly takes?: number;
  /** How long it may wait, in milliseconds. @default for ever */
  readonly longest?: number;
  readonly onGo?: () => void;
}

export interface Start {
  readonly name: string;
  readonly at: number;
  readonly of: LimitedCall;
  endedAt: number;
}

/** Makes calls as the pipeline does. */
export class LimitedProcess {
  readonly errors: { readonly name: string; readonly error: unknown }[] = [];
  underWay = 0;

  constructor(
    readonly limits: Limits,
    private readonly starts: Start[],
    private readonly now: () => number,
  ) {}

  make(name: string, { of: part, takes = 10, longest = Infinity, onGo }: Made = {}): Subscription {
    const made = { ...call, ...part };
    return new Observable<Permit>((caller) => {
      const keys = this.limits.keysOf(made);
      const permit = this.limits.tryAcquire(keys);
      if (permit !== undefined) {
        caller.next(permit);
        return caller.complete();
      }
      const until = this.now() + longest;
      const tooLong = (left: number): unknown => ({ left });
      return this.limits.wait(keys, { arrival: this.limits.arrive(), until, tooLong }).subscribe(caller);
    })
      .pipe(mergeMap((permit) => this.run(name, made, permit, takes, onGo)))
      .subscribe({ error: (error: unknown) => this.errors.push({ name, error }) });
  }

  private run(name: string, made: LimitedCall, permit: Permit, takes: number, onGo?: () => void): Observable<unknown> {
    return new Observable((caller) => {
      const start: Start = { name, at: this.now(), of: made, endedAt: Infinity };
      this.starts.push(start);
      this.underWay++;
      caller.add(() => {
        start.endedAt = this.now();
        this.underWay--;
        permit.release();
      });
      onGo?.();
      caller.add(timer(takes).subscribe(caller));
    });
  }
}

export interface SharedOptions {
  /** To the store and back, in milliseconds. */
  readonly roundTrip?: number | (() => number);
  readonly leaseTime?: number;
  readonly whenUnavailable?: 'local' | 'fail';
}

export class Fleet {
  readonly starts: Start[] = [];
  readonly processes: LimitedProcess[] = [];
  readonly model = new LeaseModel();
  exchanges = 0;
  /** Whether the store answers. */
  away = false;

  constructor(
    readonly now: () => number,
    readonly at: (time: number, act: () => void) => void,
    readonly flush: () => void,
  ) {}

  local(limits: readonly LimitOptions[]): LimitedProcess {
    return this.add(new Limits(limits, () => localSupplies));
  }

  /** One that shares its limits with the others. */
  shared(
    limits: readonly LimitOptions[],
    { roundTrip = 2, leaseTime = 10_000, whenUnavailable = 'local' }: SharedOptions = {},
  ): LimitedProcess & { die(): void } {
    let isDead = false;
    const store: LeaseStore = {
      leaseTime,
      whenUnavailable,
      exchange: (request) => {
        this.exchanges++;
        // Whoever is dead asks nobody, and hears nothing.
        if (isDead) return new Observable();
        if (this.away)
          return of(undefined).pipe(
            delay(50),
            mergeMap(() => throwError(() => new Error('away'))),
          );
        const half = (): number => Math.ceil((typeof roundTrip === 'number' ? roundTrip : roundTrip()) / 2);
        return timer(half()).pipe(
          map(() => this.model.exchange(request, this.now(), leaseTime)),
          delay(half()),
        );
      },
    };
    const name = `p${this.processes.length}`;
    const made = this.add(new Limits(limits, (host) => new Leases(store, host, name)));
    return Object.assign(made, { die: () => void (isDead = true) });
  }

  private add(limits: Limits): LimitedProcess {
    const process = new LimitedProcess(limits, this.starts, this.now);
    this.processes.push(process);
    return process;
  }

  /** The most starts within any time so long, and when those were. */
  busiest(interval: number, which: (start: Start) => boolean = () => true): number {
    const times = this.starts.filter(which).map(({ at }) => at);
    return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + interval).length));
  }

  /** The most that ran at the same time. */
  mostAtOnce(which: (start: Start) => boolean = () => true): number {
    const some = this.starts.filter(which);
    return Math.max(0, ...some.map(({ at }) => some.filter((each) => each.at <= at && at < each.endedAt).length));
  }
}

/** Runs in virtual time, a frame a millisecond. */
export function virtually(spec: (fleet: Fleet) => void): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  // A fleet whose calls wait for each other has more to do than marbles do.
  scheduler.maxFrames = Infinity;
  scheduler.run(({ flush }) => {
    spec(
      new Fleet(
        () => scheduler.now(),
        (time, act) => void scheduler.schedule(act, time),
        flush,
      ),
    );
  });
}

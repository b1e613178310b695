/** How an attempt that may have to wait is let through: past the gates, then with a permit of the limits, both when it is sent. */
import { defer, Observable, of, switchMap, tap } from 'rxjs';
import { preciseNow } from '../clock/monotonic.js';
import type { ThrottledEvent, ThrottledKey } from '../events/events.js';
import type { HttpEvent } from '../http-event.js';
import { giveBackOf } from '../retry/give-back.js';
import { throttled, type Pass, type Scope } from '../throttling/gates.js';
import type { LimitedCall } from '../throttling/limit-options.js';
import type { LimitedKey, Permit } from '../throttling/limits.js';
import { openRateLimiter } from '../throttling/open-rate-limiter.js';
import type { RateLimiter } from '../throttling/rate-limiter.js';
import type { CallContext } from './call-context.js';
import type { CallReporter } from './call-reporter.js';
import type { Handler } from './stage.js';
import { wallNow } from './timeline.js';
import { waitWithoutSlot } from './wait-without-slot.js';

/** Sends an attempt when it may go. */
export type Admit = (call: CallContext, scope: Scope) => Observable<HttpEvent>;

/** Opens the limiter. What follows the attempts is `next`. */
export function admission(rateLimiter: RateLimiter, reporter: CallReporter, next: Handler): Admit {
  openRateLimiter(rateLimiter);
  const admit: Admit = (call, scope) => new Admission(rateLimiter, reporter, call, scope).run(next);
  return (call, scope) => {
    const { gates, limits } = rateLimiter;
    if (limits === undefined || gates?.isOpen(scope) === false) return admit(call, scope);
    return new Observable((caller) => {
      const permit = limits.tryAcquireAgain(scope.credentials, scope.region, scope.product, scope.action);
      if (permit === undefined) return admit(call, scope).subscribe(caller);
      // It ends with the attempt, however that ends.
      caller.add(() => permit.release());
      call.attempt.paced = permit.paced;
      return caller.closed ? undefined : next(call).subscribe(caller);
    });
  };
}

/** Of one attempt. */
class Admission {
  private pass: Pass | undefined = undefined;
  private keys: readonly LimitedKey[] | undefined = undefined;
  private permit: Permit | undefined = undefined;
  private arrival: number | undefined = undefined;
  private until = Infinity;

  constructor(
    private readonly rateLimiter: RateLimiter,
    private readonly reporter: CallReporter,
    private readonly call: CallContext,
    private readonly scope: Scope,
  ) {}

  /** Sends the attempt when it may go. What it was given ends with it, however it ends. */
  run(next: Handler): Observable<HttpEvent> {
    // One Observable, where `defer` and `finalize` would be three: most calls go at once.
    return new Observable((caller) => {
      try {
        this.enter(next).subscribe(caller);
      } catch (error) {
        caller.error(error);
      } finally {
        caller.add(() => this.end());
      }
    });
  }

  /** Once more after each wait: while the call has waited for one thing, or for its slot, another may have become scarce. */
  private enter(next: Handler): Observable<HttpEvent> {
    const { call } = this;
    if (this.mayGo()) {
      call.attempt.pass = this.pass;
      call.attempt.paced = this.permit?.paced ?? false;
      return next(call);
    }
    if (this.until === Infinity) {
      const { longestHold = Infinity } = giveBackOf(call.options) ?? {};
      this.until = preciseNow() + Math.min(call.remaining, call.settings.maxRetryAfter, longestHold);
      call.timeline.enter('throttled');
      this.reporter.throttled(call, () => this.inTheWay());
    }
    return waitWithoutSlot(call, this.wait()).pipe(switchMap(() => this.enter(next)));
  }

  private get isPastGates(): boolean {
    return this.rateLimiter.gates?.isOpenFor(this.scope, this.pass) ?? true;
  }

  private mayGo(): boolean {
    const { limits } = this.rateLimiter;
    if (!this.isPastGates) {
      // Others need not wait for one that waits.
      this.permit?.giveBack();
      this.permit = undefined;
      return false;
    }
    if (limits === undefined || this.permit?.restart() === true) return true;
    this.permit = limits.tryAcquire((this.keys ??= limits.keysOf(this.limited)));
    return this.permit !== undefined;
  }

  private wait(): Observable<unknown> {
    return defer((): Observable<unknown> => {
      const { rateLimiter, scope, until, keys = [] } = this;
      const { gates, limits } = rateLimiter;
      if (gates !== undefined && !this.isPastGates) {
        this.pass?.done();
        return gates.admit(scope, until - preciseNow()).pipe(tap((pass) => (this.pass = pass)));
      }
      if (limits === undefined) return of(undefined);
      const arrival = (this.arrival ??= limits.arrive());
      const tooLong = (wait: number): unknown => throttled(scope, wait, 'a limit that is configured');
      return limits.wait(keys, { arrival, until, tooLong }).pipe(tap((permit) => (this.permit = permit)));
    });
  }

  /** What the call waits for; of several, what takes longest counts, as far as that is known. */
  private inTheWay(): Pick<ThrottledEvent, 'key' | 'until'> {
    const { rateLimiter, scope, keys = [] } = this;
    const { gates, limits } = rateLimiter;
    const all = (this.isPastGates ? limits?.before(keys) : gates?.before(scope)) ?? [];
    const longestFirst = [...all].sort((one, other) => (other.until ?? 0) - (one.until ?? 0));
    const [{ until, waiting: _, ...key } = nothing] = longestFirst;
    return { key, until: until === undefined ? undefined : Math.round(wallNow() + until - preciseNow()) };
  }

  private get limited(): LimitedCall {
    const { credentials: account, region, product, action: operation } = this.scope;
    const { request, options } = this.call.source;
    return { account, region, product, operation, request, options };
  }

  private end(): void {
    this.pass?.done();
    this.permit?.release();
  }
}

/** What was in the way is so no more. */
const nothing: ThrottledKey = { until: undefined, waiting: 0 };

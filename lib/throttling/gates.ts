/** Client-side throttling: calls that the server is going to refuse wait for each other instead. */
import { defer, EMPTY, finalize, of, switchMap, tap, type Observable } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import { ClientError } from '../errors.js';
import type { ThrottledKey, ThrottleKey } from '../events/events.js';
import { isSpent, rateLimitsOf, spentFor, type RateLimit } from '../retry/rate-limit.js';
import { Gate, type Grant, type Waiter } from './gate.js';

/** What a server counts a call against. */
export interface Scope {
  /** Whose calls they are: an access key id, or anything else that tells credentials apart and is no secret. */
  readonly credentials: string;
  /** A region id, or the host where there is none. */
  readonly region: string;
  /** Such as `Ecs`. */
  readonly product: string;
  /** Such as `DescribeRegions`. */
  readonly action: string;
}

/** An answer of the server that says whether it lets calls through. */
export interface ThrottleFeedback {
  /** Whether it was refused for being one call too many. */
  readonly throttled: boolean;
  /** How long the server wants to be left alone, in milliseconds, where it says so. */
  readonly wait?: number | undefined;
  /** How much of what is asked for is heeded, in milliseconds: then one call tries whether it is true. @default no limit */
  readonly longest?: number | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The gates before the scopes that are in trouble: one set for all who share a `RateLimiter`. */
export class Gates {
  /** Of scopes that are in trouble; all others are open, and cost nothing. Out of sight, as a scope may have a token in it. */
  readonly #gates = new Map<string, Gate>();

  /** Emits where what is held back has changed, and no call of this process tells of it. */
  readonly changes$: Observable<void> = EMPTY;

  /** Whether it knows of no throttle at all. */
  get idle(): boolean {
    return this.#gates.size === 0;
  }

  /**
   * Whether a call may go without asking.
   */
  isOpen(scope: Scope): boolean {
    return this.#gates.size === 0 || !(this.#gates.has(this.keyOf(scope)) || this.#gates.has(this.userKeyOf(scope)));
  }

  /** The same for one that may have been given a pass before. */
  isOpenFor(scope: Scope, pass: Pass | undefined): boolean {
    if (this.isOpen(scope)) return true;
    const gates = [this.keyOf(scope), this.userKeyOf(scope)].flatMap((key) => this.#gates.get(key) ?? []);
    return gates.every((gate) => pass?.at(gate) !== undefined);
  }

  /**
   * How long a call has to wait at least, in milliseconds.
   */
  estimate(scope: Scope): number {
    const waits = [this.keyOf(scope), this.userKeyOf(scope)].map((key) => this.#gates.get(key)?.remaining ?? 0);
    return Math.max(...waits);
  }

  /** What is held back; `until` is by `monotonicNow()`. */
  held(): ThrottledKey[] {
    const holding = [...this.#gates].filter(([, gate]) => gate.isHolding);
    return holding.map(([key, gate]) => ({ ...shownKey(key), ...gate.held }));
  }

  /** What a call of the scope has to pass. */
  before(scope: Scope): ThrottledKey[] {
    return [this.keyOf(scope), this.userKeyOf(scope)].flatMap((key) => {
      const gate = this.#gates.get(key);
      return gate === undefined ? [] : { ...shownKey(key), ...gate.held };
    });
  }

  /**
   * Emits a pass when the call may go, which is at once where the scope is open; errors with `SDK.Throttled` as soon as
   * it is known that the wait is longer than `longest`, in milliseconds. Unsubscribing gives the place up.
   */
  admit(scope: Scope, longest = Infinity): Observable<Pass> {
    return defer(() => {
      const pass = new Pass();
      let handedOver = false;
      const waiter: Waiter = {
        until: monotonicNow() + longest,
        tooLong: (wait) => throttled(scope, wait),
      };
      return this.through(scope, pass, waiter).pipe(
        tap(() => (handedOver = true)),
        finalize(() => {
          if (!handedOver) pass.done();
        }),
      );
    });
  }

  /**
   * To be told of each answer to a call, admitted or not. An answer that has nothing to do with throttling, such as a
   * HTTP 500, teaches nothing and is not for here: `pass.done()` is enough.
   */
  learn(scope: Scope, { throttled: isThrottled, wait, longest, headers }: ThrottleFeedback, pass?: Pass): void {
    const { api, user } = rateLimitsOf(headers);
    if (!isThrottled && api === undefined && user === undefined && pass === undefined) return;
    if (isThrottled) this.close(this.keyOf(scope), wait ?? (spentFor(api) || undefined), pass, longest);
    else this.heed(this.keyOf(scope), api, pass, longest);
    // Which quota was spent is not told by the refusal itself.
    if (!isThrottled || spentFor(user) > 0) this.heed(this.userKeyOf(scope), user, pass, longest);
    pass?.done();
  }

  /** Past the gate of the operation, and then past that of the user, until neither has closed again. */
  private through(scope: Scope, pass: Pass, waiter: Waiter): Observable<Pass> {
    const own = this.#gates.get(this.keyOf(scope));
    const ofUser = this.#gates.get(this.userKeyOf(scope));
    const isPastOwn = own === undefined || pass.at(own) !== undefined;
    const next = isPastOwn ? ofUser : own;
    if (next === undefined || pass.at(next) !== undefined) return of(pass);
    // While the call waits for its operation, calls of other operations go before it.
    if (!isPastOwn) pass.done();
    return next.enter(waiter).pipe(
      tap((grant) => pass.add(grant)),
      switchMap(() => this.through(scope, pass, waiter)),
    );
  }

  /** What a limit says beside its call: that it was the last one for a while, or that it was let through. */
  private heed(key: string, limit: RateLimit | undefined, pass: Pass | undefined, longest: number | undefined): void {
    if (spentFor(limit) > 0) return this.close(key, spentFor(limit), pass, longest);
    const grant = pass?.at(this.#gates.get(key));
    grant?.gate.succeed(isSpent(limit) ? undefined : limit?.remain);
  }

  private close(key: string, wait: number | undefined, pass: Pass | undefined, longest: number | undefined): void {
    const gate = this.gate(key);
    gate.close(wait, pass?.at(gate), longest);
  }

  /** Made where there is none. */
  protected gate(key: string): Gate {
    const known = this.#gates.get(key);
    if (known !== undefined) return known;
    for (const [other, gate] of this.#gates) if (gate.isForgotten) this.#gates.delete(other);
    const gate = this.make(key, () => this.#gates.delete(key));
    this.#gates.set(key, gate);
    return gate;
  }

  protected find(key: string): Gate | undefined {
    return this.#gates.get(key);
  }

  protected get all(): readonly (readonly [key: string, gate: Gate])[] {
    return [...this.#gates];
  }

  protected make(_key: string, recovered: () => void): Gate {
    return new Gate(recovered);
  }

  /** None of the parts has a line break in it. */
  protected keyOf({ credentials, region, product, action }: Scope): string {
    return `${credentials}\n${region}\n${product}\n${action}`;
  }

  /** Over all operations: none is called nothing. */
  private userKeyOf(scope: Scope): string {
    return this.keyOf({ ...scope, action: '' });
  }
}

/** The right of one call to go. */
export class Pass {
  private grants: Grant[] = [];

  /** The call is over: answered, failed or cancelled. Once is enough, and more does no harm. */
  done(): void {
    const { grants } = this;
    this.grants = [];
    for (const grant of grants) grant.gate.leave(grant);
  }

  /** @internal */
  add(grant: Grant): void {
    this.grants.push(grant);
  }

  /**
   * What it holds of a gate, unless that has closed since.
   */
  at(gate: Gate | undefined): Grant | undefined {
    return this.grants.find((grant) => grant.gate === gate && grant.gate.holds(grant));
  }
}

/** Whose calls they are is not for telling. Where gates are shared, a colon is between the parts, and may be in a region that is a host. */
function shownKey(key: string): ThrottleKey {
  const separator = key.includes('\n') ? '\n' : ':';
  const [, ...parts] = key.split(separator);
  const [product, operation] = parts.splice(-2);
  return { region: parts.join(separator), product, operation: operation === '' ? undefined : operation };
}

/** `by` is what lets no such call through. */
export function throttled({ product, action }: Scope, wait: number, by = product): ClientError {
  const error = new ClientError(
    'SDK.Throttled',
    `${action} was not sent: ${by} lets no such call through for another ${Math.ceil(wait)} ms, longer than the call's deadline or maxRetryAfter allows`,
  );
  error.retryAfter = Math.ceil(wait);
  return error;
}

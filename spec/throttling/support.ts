import { delay, finalize, of, switchMap, tap, type Subscription } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { Gates, type ThrottleFeedback, type Scope } from '../../lib/throttling/gates.js';

export const scope: Scope = { credentials: 'LTAI1', region: 'cn-hangzhou', product: 'Ecs', action: 'DescribeZones' };
export const other: Scope = { ...scope, action: 'RunInstances' };

/** What an answer says of the quotas. */
export interface Told {
  /** The headers' values for the operation, and for the user. */
  readonly api?: readonly [remain: number, timeLeft: number];
  readonly user?: readonly [remain: number, timeLeft: number];
  /** What is asked for with a throttle. */
  readonly wait?: number;
}

export const ok = (told: Told = {}): ThrottleFeedback => ({ throttled: false, headers: headersOf(told) });
export const no = (told: Told = {}): ThrottleFeedback => ({
  throttled: true,
  wait: told.wait,
  headers: headersOf(told),
});

export interface Made {
  /** `undefined`: the call fails without an answer. */
  readonly answer?: () => ThrottleFeedback | undefined;
  readonly of?: Scope;
  /** How long it is under way, in milliseconds. */
  readonly takes?: number;
  readonly longest?: number;
  readonly onGo?: () => void;
}

/** Makes calls as the pipeline does, in virtual time, and notes when they go. */
export class Calls {
  readonly rateLimiter = new Gates();
  /** `name time` of each, in the order in which they went. */
  readonly went: string[] = [];
  readonly errors: unknown[] = [];
  underWay = 0;

  constructor(readonly now: () => number) {}

  make(name: string, { answer = ok, of: where = scope, takes = 10, longest, onGo }: Made = {}): Subscription {
    return this.rateLimiter
      .admit(where, longest)
      .pipe(
        tap(() => {
          this.went.push(`${name} ${this.now()}`);
          this.underWay++;
          onGo?.();
        }),
        switchMap((pass) =>
          of(undefined).pipe(
            delay(takes),
            tap(() => {
              const given = answer();
              if (given !== undefined) this.rateLimiter.learn(where, given, pass);
            }),
            finalize(() => {
              this.underWay--;
              pass.done();
            }),
          ),
        ),
      )
      .subscribe({ error: (error: unknown) => this.errors.push(error) });
  }

  /** As many, called `a`, `b`, `c` … */
  makeAll(count: number, made?: Made): Subscription[] {
    return Array.from({ length: count }, (_, i) => this.make(String.fromCharCode(97 + i), made));
  }
}

/** Runs in virtual time, a frame a millisecond; `at` does something later. */
export function virtually(
  spec: (calls: Calls, at: (time: number, act: () => void) => void, helpers: RunHelpers) => void,
): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  scheduler.run((helpers) => {
    spec(new Calls(() => scheduler.now()), (time, act) => void scheduler.schedule(act, time), helpers);
  });
}

function headersOf({ api, user }: Told): Record<string, string> {
  const written = ([remain, timeLeft]: readonly [number, number]): string =>
    `Limit:9,Remain:${remain},TimeLeft:${timeLeft},Reset:1`;
  return {
    ...(api === undefined ? {} : { 'x-ratelimit-user-api': written(api) }),
    ...(user === undefined ? {} : { 'x-ratelimit-user': written(user) }),
  };
}

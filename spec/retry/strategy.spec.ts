import fc from 'fast-check';
import type { AlicloudError } from '../../lib/errors.js';
import type { Failure, Retry } from '../../lib/retry/failure.js';
import { RetryStrategy, type FailedAttempt } from '../../lib/retry/strategy.js';
import { broken, late, refusal } from './support.js';

/** The longest wait of all, so that limits show. */
const most = (): number => 1;

function strategy(setting?: Retry, random = most): RetryStrategy {
  return new RetryStrategy(setting, random);
}

function failed(error: AlicloudError, differs: Partial<FailedAttempt> = {}): FailedAttempt {
  return {
    error,
    attempts: 1,
    action: 'DescribeZones',
    repeatable: true,
    repeatedFor: new Set(),
    clockDiffers: false,
    credentialsChanged: false,
    now: 0,
    ...differs,
  };
}

const reset = broken('ECONNRESET');
const throttle = refusal('Throttling.User');
const asking = (wait: number): AlicloudError => refusal('Throttling.User', 400, { 'x-acs-retry-after': `${wait}` });

describe('RetryStrategy', () => {
  describe('by kind', () => {
    it('repeats what is transient where the call may be executed twice', () => {
      expect(strategy().next(failed(reset))).toEqual({ kind: 'transient', wait: 100 });
      expect(strategy().next(failed(reset, { repeatable: false }))).toBeUndefined();
      expect(strategy().next(failed(refusal('InternalError', 500), { repeatable: false }))).toBeUndefined();
    });

    it('repeats any call that was certainly not executed', () => {
      const unsafe = { repeatable: false };
      expect(strategy().next(failed(broken('ECONNREFUSED'), unsafe))).toEqual({ kind: 'transient', wait: 100 });
      expect(strategy().next(failed(late('connect'), unsafe))).toEqual({ kind: 'transient', wait: 100 });
      expect(strategy().next(failed(throttle, unsafe))).toEqual({ kind: 'throttled', wait: 500 });
    });

    it('repeats for the clock once, at once, where another time would be signed', () => {
      const clock = refusal('InvalidTimeStamp.Expired');
      const differs = { clockDiffers: true, repeatable: false };
      expect(strategy().next(failed(clock, differs))).toEqual({ kind: 'clock', wait: 0 });
      expect(strategy().next(failed(clock))).toBeUndefined();
      expect(
        strategy().next(failed(clock, { ...differs, attempts: 2, repeatedFor: new Set(['clock']) })),
      ).toBeUndefined();
      expect(strategy().next(failed(clock, { ...differs, attempts: 2, repeatedFor: new Set(['throttled']) }))).toEqual({
        kind: 'clock',
        wait: 0,
      });
    });

    it('repeats for a nonce once, at once, where the call may be executed twice', () => {
      const nonce = refusal('SignatureNonceUsed');
      expect(strategy().next(failed(nonce))).toEqual({ kind: 'nonce', wait: 0 });
      expect(strategy().next(failed(nonce, { repeatable: false }))).toBeUndefined();
      expect(strategy().next(failed(nonce, { attempts: 2, repeatedFor: new Set(['nonce']) }))).toBeUndefined();
    });

    it('repeats for expired credentials once, at once, where there are others', () => {
      const expired = refusal('InvalidSecurityToken.Expired');
      const changed = { credentialsChanged: true, repeatable: false };
      expect(strategy().next(failed(expired, changed))).toEqual({ kind: 'credentials', wait: 0 });
      expect(strategy().next(failed(expired))).toBeUndefined();
      expect(
        strategy().next(failed(expired, { ...changed, attempts: 2, repeatedFor: new Set(['credentials']) })),
      ).toBeUndefined();
    });

    it('repeats nothing else', () => {
      expect(strategy().next(failed(refusal('InvalidParameter')))).toBeUndefined();
      expect(strategy().next(failed(late('deadline')))).toBeUndefined();
    });
  });

  describe('how often', () => {
    it('three attempts, where nothing else is said', () => {
      expect([1, 2, 3].map((attempts) => strategy().next(failed(reset, { attempts }))?.kind)).toEqual([
        'transient',
        'transient',
        undefined,
      ]);
    });

    it.each(['clock', 'throttled', 'transient'])('counts repetitions for %s among them', (kind) => {
      const error = { clock: refusal('IllegalTimestamp'), throttled: throttle, transient: reset }[kind] ?? reset;
      const last = { attempts: 2, clockDiffers: true };
      expect(strategy({ maxAttempts: 2 }).next(failed(error, last))).toBeUndefined();
      expect(strategy({ maxAttempts: 3 }).next(failed(error, last))).toBeDefined();
    });

    it('never, when it is turned off', () => {
      const all = { clockDiffers: true, credentialsChanged: true };
      expect(strategy(false).next(failed(throttle, all))).toBeUndefined();
      expect(strategy({ maxAttempts: 1 }).next(failed(throttle, all))).toBeUndefined();
    });
  });

  describe('how long', () => {
    const waits = (error: AlicloudError, setting?: Retry): unknown[] =>
      [1, 2, 3, 10, 2000].map(
        (attempts) => strategy({ maxAttempts: 5000, ...setting }).next(failed(error, { attempts }))?.wait,
      );

    it('up to limits that double, to the longest', () => {
      expect(waits(reset)).toEqual([100, 200, 400, 20_000, 20_000]);
      expect(waits(throttle)).toEqual([500, 1000, 2000, 20_000, 20_000]);
      expect(waits(reset, { baseDelay: 10, maxDelay: 25 })).toEqual([10, 20, 25, 25, 25]);
      expect(waits(throttle, { throttledDelay: 0 })).toEqual([0, 0, 0, 0, 0]);
    });

    it('anything from nothing to the limit', () => {
      expect(strategy({}, () => 0).next(failed(throttle))?.wait).toBe(0);
      expect(strategy({}, () => 0.5).next(failed(throttle))?.wait).toBe(250);
    });

    it('as long as the server asks, no less and no more, beyond every limit', () => {
      expect(strategy().next(failed(asking(7)))?.wait).toBe(7);
      expect(strategy({ maxDelay: 10 }).next(failed(asking(60_000)))?.wait).toBe(60_000);
      expect(strategy({}, () => 0).next(failed(asking(7)))?.wait).toBe(7);
    });

    it('by the date that the server asks for, and its clock', () => {
      const error = refusal('HTTP.503', 503, { 'retry-after': 'Sat, 31 Jan 2026 08:00:07 GMT' });
      expect(strategy().next(failed(error, { now: Date.UTC(2026, 0, 31, 8) }))?.wait).toBe(7000);
    });

    it("not at all where the call's deadline comes first", () => {
      expect(strategy().next(failed(asking(1000), { timeLeft: 1001 }))?.wait).toBe(1000);
      expect(strategy().next(failed(asking(1000), { timeLeft: 1000 }))).toBeUndefined();
      expect(strategy().next(failed(reset, { timeLeft: 100 }))).toBeUndefined();
    });
  });

  describe('the budget', () => {
    function repetitions(of: RetryStrategy, attempt: FailedAttempt, limit = 1000): number {
      let count = 0;
      while (count < limit && of.next(attempt) !== undefined) count++;
      return count;
    }

    it('lasts for a hundred repetitions', () => {
      expect(repetitions(strategy(), failed(reset))).toBe(100);
      expect(repetitions(strategy(), failed(throttle))).toBe(100);
    });

    it('lasts for fifty after limits of time', () => {
      expect(repetitions(strategy(), failed(late('read')))).toBe(50);
    });

    it('gets one back for each success, and never more than it had', () => {
      const one = strategy();
      one.succeeded();
      expect(repetitions(one, failed(reset))).toBe(100);
      for (let i = 0; i < 4; i++) one.succeeded();
      expect(repetitions(one, failed(reset))).toBe(0);
      one.succeeded();
      expect(repetitions(one, failed(late('read')))).toBe(0);
      expect(repetitions(one, failed(reset))).toBe(1);
    });

    it('is not spent on what is put right, nor on what is not repeated', () => {
      const one = strategy();
      const clock = failed(refusal('IllegalTimestamp'), { clockDiffers: true });
      expect(repetitions(one, clock)).toBe(1000);
      for (let i = 0; i < 1000; i++) {
        one.next(failed(reset, { attempts: 3 }));
        one.next(failed(reset, { timeLeft: 1 }));
        one.next(failed(refusal('InvalidParameter')));
      }
      expect(repetitions(one, failed(reset))).toBe(100);
      expect(one.next(clock)).toBeDefined();
    });

    it("is the client's, for calls with settings of their own as well", () => {
      const client = strategy();
      expect(repetitions(client.withSetting({ maxAttempts: 9, baseDelay: 1 }), failed(reset))).toBe(100);
      expect(client.next(failed(reset))).toBeUndefined();
      for (let i = 0; i < 5; i++) client.withSetting({}).succeeded();
      expect(repetitions(client, failed(reset))).toBe(1);
    });
  });

  describe("a call's own setting", () => {
    it("stands in the place of the whole of the client's", () => {
      const client = strategy({ maxAttempts: 9, baseDelay: 1 });
      expect(client.withSetting(undefined).next(failed(reset, { attempts: 8 }))?.wait).toBe(128);
      expect(client.withSetting({}).next(failed(reset))?.wait).toBe(100);
      expect(client.withSetting({}).next(failed(reset, { attempts: 3 }))).toBeUndefined();
      expect(client.withSetting(false).next(failed(reset))).toBeUndefined();
      expect(strategy(false).withSetting({}).next(failed(reset))?.wait).toBe(100);
    });
  });

  describe('a policy', () => {
    it('is told what would be done without it', () => {
      const seen: Failure[] = [];
      const policy = (failure: Failure): undefined => void seen.push(failure);
      strategy(policy).next(failed(reset, { attempts: 2 }));
      strategy(policy).next(failed(reset, { repeatable: false }));
      expect(seen).toEqual([
        { error: reset, kind: 'transient', attempts: 2, action: 'DescribeZones', repeatable: true, wait: 200 },
        { error: reset, kind: 'transient', attempts: 1, action: 'DescribeZones', repeatable: false, wait: undefined },
      ]);
    });

    it('has the last word, either way', () => {
      const other = failed(refusal('NotYet.TryLater'), { attempts: 77, repeatable: false });
      expect(strategy(() => 5).next(other)).toEqual({ kind: undefined, wait: 5 });
      expect(strategy(() => 0).next(other)).toEqual({ kind: undefined, wait: 0 });
      expect(strategy(() => undefined).next(failed(reset))).toBeUndefined();
      expect(strategy({ policy: () => false }).next(failed(reset))).toBeUndefined();
      expect(strategy(({ wait }) => wait).next(failed(reset))).toEqual({ kind: 'transient', wait: 100 });
    });

    it('does not wait less than the server asks for', () => {
      expect(strategy(() => 5).next(failed(asking(1000)))?.wait).toBe(1000);
      expect(strategy(() => 5000).next(failed(asking(1000)))?.wait).toBe(5000);
    });

    it('is told when the budget is spent, and may overdraw it', () => {
      const waits: (number | undefined)[] = [];
      const policy = strategy(({ wait }) => {
        waits.push(wait);
        return 1;
      });
      for (let i = 0; i < 102; i++) expect(policy.next(failed(reset))?.wait).toBe(1);
      expect(waits.slice(99)).toEqual([100, undefined, undefined]);
    });

    it('draws on the budget for whatever it repeats', () => {
      const policy = strategy(({ kind, wait }) => (kind === undefined ? 1 : wait));
      for (let i = 0; i < 100; i++) policy.next(failed(refusal('NotYet.TryLater')));
      expect(policy.next(failed(reset))).toBeUndefined();
    });

    it('that throws ends the call, with what it threw and the failure', () => {
      const policy = (): never => {
        throw new Error('a policy');
      };
      expect(() => strategy(policy).next(failed(reset))).toThrow(
        expect.objectContaining({
          code: 'SDK.Unexpected',
          message: 'The retry policy failed: a policy',
          cause: reset,
        }) as Error,
      );
    });

    it.each([NaN, -1, '5', true, null, Promise.resolve(5)])('that gives %p is told so', (wait) => {
      expect(() => strategy((() => wait) as never).next(failed(reset))).toThrow(
        expect.objectContaining({
          code: 'SDK.InvalidConfiguration',
          message: expect.stringMatching(
            /^Expected `retry\.policy\(…\)` to be milliseconds >= 0, undefined or false, got /,
          ) as string,
          cause: reset,
        }) as Error,
      );
    });
  });

  it('never waits less than asked, never more than its limit else, whatever the facts', () => {
    const anyError = fc.oneof(
      fc.constantFrom(reset, throttle, late('read'), refusal('InternalError', 500), refusal('Other')),
      fc.integer({ min: 1, max: 1e9 }).map(asking),
    );
    fc.assert(
      fc.property(
        anyError,
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (error, attempts, r) => {
          const asked =
            'headers' in error ? Number((error.headers as Record<string, string>)['x-acs-retry-after'] ?? 0) : 0;
          const wait = strategy({ maxAttempts: 100 }, () => r).next(failed(error, { attempts }))?.wait ?? asked;
          expect(wait).toBeGreaterThanOrEqual(asked);
          expect(wait).toBeLessThanOrEqual(Math.max(asked, 20_000));
        },
      ),
    );
  });
});

/** A limit on how many calls are let in, as the real services have one, and the headers in which they tell of it. */
import { checkOption, checkOptions, integerFrom, oneOf, type Rules } from '../schema/options.js';
import { apiError } from './api-error.js';
import { rateLimitValue } from './hints.js';

export interface RateLimit {
  /** How many calls are let in within a window, an integer >= 1. */
  readonly calls: number;
  /** How long a window is, in ms, > 0. It begins with the first call that it counts. */
  readonly per: number;
  /**
   * What is counted together: the calls of one operation, told in the header `x-ratelimit-user-api`, or all calls of an
   * account, told in `x-ratelimit-user`.
   * @default 'operation'
   */
  readonly scope?: 'operation' | 'account';
}

export interface RateLimiter {
  /** Counts a call. The headers are those of its answer; throws as the service refuses where there were too many. */
  admit(account: string, operation: string, now: number): Readonly<Record<string, string>>;
}

export function createRateLimiter(limit: RateLimit | undefined): RateLimiter {
  if (limit === undefined) return { admit: () => none };
  const { calls, per, scope = 'operation' } = limit;
  const header = scope === 'operation' ? 'x-ratelimit-user-api' : 'x-ratelimit-user';
  const windows = new Map<string, { readonly start: number; used: number }>();
  return {
    admit(account, operation, now) {
      const key = scope === 'operation' ? `${account} ${operation}` : account;
      let window = windows.get(key);
      // A clock that was set back must not close the door for hours.
      if (window === undefined || now >= window.start + per || now < window.start) {
        windows.set(key, (window = { start: now, used: 0 }));
      }
      const left = window.start + per - now;
      if (window.used >= calls) throw tooMany({ [header]: rateLimitValue(calls, 0, left, now) });
      window.used++;
      return { [header]: rateLimitValue(calls, calls - window.used, left, now) };
    },
  };
}

/** Throws an `SDK.InvalidConfiguration` where the limit can't work. */
export function checkRateLimit(value: unknown, path: string): void {
  checkOptions(value, rules, `${path}.`);
  const { calls, per } = value as RateLimit;
  checkOption(`${path}.calls`, calls, rules.calls);
  checkOption(`${path}.per`, per, rules.per);
}

const rules: Rules<RateLimit> = {
  calls: integerFrom(1),
  per: { expected: 'a number of milliseconds > 0', fits: (value) => Number.isFinite(value) && Number(value) > 0 },
  scope: oneOf('operation', 'account'),
};

const none: Readonly<Record<string, string>> = {};

function tooMany(headers: Record<string, string>): Error {
  return apiError(400, 'Throttling.User', 'Request was denied due to user flow control.', { headers });
}

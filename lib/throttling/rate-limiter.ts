import type { Credentials } from '../credentials/credentials.js';
import type { ThrottledKey } from '../events/events.js';
import { checkOptions, ofType, withMethod, type Rules } from '../schema/options.js';
import type { Gates } from './gates.js';
import { checkLimits, type LimitOptions } from './limit-options.js';
import type { Limits } from './limits.js';
import type { RateLimitStore } from './store.js';

export interface RateLimiterOptions {
  /** How many calls may start in a time, or run at the same time: a list of {@link LimitOptions}. A call waits for all that count it. @default none */
  readonly limits?: readonly LimitOptions[] | undefined;
  /**
   * What holds for all processes that share it, and not for each by itself: `redisStore()` of `rx-alicloud/redis`.
   * @default none
   */
  readonly store?: RateLimitStore | undefined;
  /**
   * Whose quota a call is counted against: a name for all, or a function that gives one of the credentials. Where they are shared,
   * processes have to give the same.
   * @default the access key id. Temporary keys have another one in each process and each hour: with a `store`, all of them are one account
   */
  readonly account?: string | ((credentials: Credentials) => string) | undefined;
}

const rules: Rules<RateLimiterOptions> = {
  limits: checkLimits,
  store: withMethod('openLimits', 'what redisStore() gives'),
  account: {
    expected: 'a text or a function',
    fits: (value) => typeof value === 'string' || ofType('function').fits(value),
  },
};

/**
 * Keeps calls from being throttled one by one. When the server refuses calls of a scope (the account, the region, the
 * product and the operation), or says that it will, those that come next wait, first come, first served. When the time
 * is up, one goes ahead; the others follow when it is let through, at first a few at a time.
 *
 * Where `limits` are given, calls wait before the server has to say so. With a `store`, all of it is one for many processes.
 *
 * A client has one of its own. Clients that use the same credentials may share one:
 *
 * @example
 * const rateLimiter = new RateLimiter({ limits: [{ rate: { limit: 50, interval: 1000 } }] }); // of each operation
 * const ecs = new EcsClient({ rateLimiter, regionId: 'cn-hangzhou', credentials });
 * const vpc = new VpcClient({ rateLimiter, regionId: 'cn-hangzhou', credentials });
 */
export class RateLimiter {
  /**
   * Made with the first answer that says anything of throttling; with a store, when it is opened.
   *
   * @internal
   */
  gates: Gates | undefined = undefined;
  /**
   * Made when it is opened, where there are any.
   *
   * @internal
   */
  limits: Limits | undefined = undefined;
  /**
   * Whether nothing is left to be done before the first call: see `openRateLimiter`.
   *
   * @internal
   */
  opened: boolean;

  /** @throws ConfigurationError for an option that can't work. */
  constructor(
    /** @internal */
    readonly options: RateLimiterOptions = {},
  ) {
    checkOptions(options, rules, 'RateLimiter.');
    this.opened = options.limits === undefined && options.store === undefined;
  }

  /** Whether it knows of no throttle at all. */
  get idle(): boolean {
    return this.gates?.idle ?? true;
  }

  /**
   * What it holds back; `until` is by `preciseNow()`.
   *
   * @internal
   */
  held(): readonly ThrottledKey[] {
    return [...(this.gates?.held() ?? []), ...(this.limits?.held() ?? [])];
  }
  /**
   * Whose quota the credentials' calls are counted against, where it is not by the access key or the token.
   *
   * @internal
   */
  accountOf?(credentials: Credentials | undefined): string | undefined {
    const { account, store } = this.options;
    if (typeof account === 'string') return account;
    if (credentials === undefined) return undefined;
    if (account !== undefined) return account(credentials);
    const isLasting = 'accessKeyId' in credentials && credentials.securityToken === undefined;
    return store !== undefined && !isLasting ? 'temporary' : undefined;
  }
}

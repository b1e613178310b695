/** The option `limits` of a `RateLimiter`: its checks. */
import {
  checkOption,
  checkOptions,
  integerFrom,
  invalidOption,
  milliseconds,
  type Rule,
  type Rules,
} from '../schema/options.js';

/** What the calls of a limit are told apart by. */
export type LimitKeyPart = 'account' | 'region' | 'product' | 'operation';

/** A call as a limit sees it, each time that it is about to be sent. */
export interface LimitedCall {
  /** What the option `account` of the `RateLimiter` makes of the credentials. */
  readonly account: string;
  /** A region id, or the host where there is none. */
  readonly region: string;
  /** Such as `Ecs`. */
  readonly product: string;
  /** Such as `DescribeInstances`. */
  readonly operation: string;
  /** As its caller gave it. */
  readonly request: unknown;
  /** The options of the call, as its caller gave them, among them its `tag`. */
  readonly options: { readonly tag?: unknown } | undefined;
}

export interface LimitRate {
  /** How many calls may start within any `interval`: an integer >= 1. */
  readonly limit: number;
  /** In milliseconds, > 0. */
  readonly interval: number;
}

export interface LimitOptions {
  /**
   * Which calls are counted together: those that have these in common, of `account`, `region`, `product` and `operation`, all of
   * them where the list is empty; or a function of the call that gives the name of what it counts for, and `undefined` of a call
   * that is not counted. What the function throws ends the call.
   * @default ['account', 'region', 'product', 'operation'], which is what the services count by
   */
  readonly by?: readonly LimitKeyPart[] | ((call: LimitedCall) => string | undefined) | undefined;
  /** How many may start in a time: a {@link LimitRate}. @default no limit */
  readonly rate?: LimitRate | undefined;
  /** How many may run at the same time: an integer >= 1. @default no limit */
  readonly concurrency?: number | undefined;
}

const parts: readonly unknown[] = ['account', 'region', 'product', 'operation'] satisfies readonly LimitKeyPart[];

const by: Rule = {
  expected: "a function, or a list of 'account', 'region', 'product' and 'operation', each once",
  fits: (value) =>
    typeof value === 'function' ||
    (Array.isArray(value) && value.every((part, i) => parts.includes(part) && value.indexOf(part) === i)),
};

const rateRules: Rules<LimitRate> = {
  limit: integerFrom(1),
  interval: {
    expected: `${milliseconds.expected}, and more than 0`,
    fits: (value) => value !== 0 && milliseconds.fits(value),
  },
};

const limitRules: Rules<LimitOptions> = {
  by,
  rate(value, path) {
    checkOptions(value, rateRules, `${path}.`);
    const { limit, interval } = value as LimitRate;
    checkOption(`${path}.limit`, limit, rateRules.limit);
    checkOption(`${path}.interval`, interval, rateRules.interval);
  },
  concurrency: integerFrom(1),
};

export function checkLimits(value: unknown, path: string): void {
  if (!Array.isArray(value)) throw invalidOption(path, 'a list of limits', value);
  value.forEach((limit: LimitOptions, i) => {
    checkOptions(limit, limitRules, `${path}[${i}].`);
    if (limit.rate === undefined && limit.concurrency === undefined)
      throw invalidOption(`${path}[${i}]`, 'a limit with a rate, a concurrency or both', limit);
  });
}

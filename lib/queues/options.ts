import { isObject } from '../schema/values.js';
import {
  checkOption,
  checkOptions,
  integerFrom,
  milliseconds,
  ofType,
  oneOf,
  optionsWith,
  type Rule,
  type Rules,
} from '../schema/options.js';

/** What becomes of a call that finds the pool and its queue full. */
export type Overflow = 'error' | 'dropOldest' | 'dropNewest';

export interface RateOptions<T> {
  /** How many may start within any `interval`, or what they may weigh together: an integer >= 1. */
  readonly limit: number;
  /** In milliseconds, > 0. */
  readonly interval: number;
  /**
   * What one weighs: a number >= 0, asked for when it begins to wait. More than `limit` counts as `limit`.
   * @default 1 each
   */
  readonly weight?: ((value: T) => number) | undefined;
}

/** What every queue can do beside its order. */
export interface QueueOptions<T> {
  /**
   * Who goes when everything is full. `error`: the one that comes. `dropOldest`: the one that has waited longest, in whose place
   * the one that comes is let in. `dropNewest`: the one that has waited shortest, likewise. Whoever goes ends in an
   * `AsyncQueueFullError`; where none waits, that is the one that comes.
   * @default 'error'
   */
  readonly overflow?: Overflow | undefined;
  /** How many may start in a time, beside how many may run at a time: a {@link RateOptions}. @default no limit */
  readonly rate?: RateOptions<T> | undefined;
  /**
   * How long one may wait for its start, in milliseconds, > 0; then it ends in an `AsyncQueueTimeoutError` and is not started.
   * @default no limit
   */
  readonly maxQueueTime?: number | undefined;
}

const positive: Rule = {
  expected: `${milliseconds.expected}, and more than 0`,
  fits: (value) => value !== 0 && milliseconds.fits(value),
};

const rateRules: Rules<RateOptions<unknown>> = {
  limit: integerFrom(1),
  interval: positive,
  weight: ofType('function'),
};

const checkRate = optionsWith(rateRules);

/** Of every queue; a queue with options of its own adds theirs. */
export const queueRules: Rules<QueueOptions<unknown>> = {
  overflow: oneOf('error', 'dropOldest', 'dropNewest'),
  rate(value, path) {
    checkRate(value, path);
    const { limit, interval } = value as RateOptions<unknown>;
    checkOption(`${path}.limit`, limit, rateRules.limit);
    checkOption(`${path}.interval`, interval, rateRules.interval);
  },
  maxQueueTime: positive,
};

/** A whole number of at least 1, or no limit at all. */
export const limitRule: Rule = {
  expected: `${integerFrom(1).expected}, or Infinity`,
  fits: (value) => value === Infinity || integerFrom(1).fits(value),
};

/** What drops calls has to be the outermost: it alone knows of all that wait. */
export const withinRule: Rule = {
  expected: 'a queue without `overflow` and `maxQueueTime`, such as fifo() or priority(…) gives',
  fits: (value) => isObject(value) && typeof value.make === 'function' && value.drops === false,
};

/** @throws ConfigurationError */
export function checkQueueOptions(options: object, rules: Rules<QueueOptions<never>> = queueRules): void {
  checkOptions(options, rules);
}

/** What several processes share of what holds their calls back: `redisStore()` of `rx-alicloud/redis` gives one. */
import type { Gates } from './gates.js';
import type { OpenSource } from './supply.js';

/** Two halves that know nothing of each other; a `RateLimiter` opens each at most once, with its first call. */
export interface RateLimitStore {
  /** What is known of throttles. */
  readonly openGates: () => Gates;
  /** The permits of the configured limits. */
  readonly openLimits: OpenSource;
}

import { checkOptions } from '../schema/options.js';
import type { ThrottledKey } from '../events/events.js';
import type { Gates } from './gates.js';

/**
 * Keeps calls from being throttled one by one. When the server refuses calls of a scope (the credentials, the region, the
 * product and the operation), or says that it will, those that come next wait, first come, first served. When the time
 * is up, one goes ahead; the others follow when it is let through, at first a few at a time.
 *
 * A client has one of its own. Clients that use the same credentials may share one:
 *
 * @example
 * const rateLimiter = new RateLimiter();
 * const ecs = new EcsClient({ rateLimiter, regionId: 'cn-hangzhou', credentials });
 * const vpc = new VpcClient({ rateLimiter, regionId: 'cn-hangzhou', credentials });
 */
export class RateLimiter {
  /**
   * Made with the first answer that says anything of throttling.
   *
   * @internal
   */
  gates: Gates | undefined = undefined;

  /** @throws ConfigurationError where it is given options: there are none. */
  constructor(options: Record<string, never> = {}) {
    checkOptions(options, {}, 'RateLimiter.');
  }

  /** Whether it knows of no throttle at all. */
  get idle(): boolean {
    return this.gates?.idle ?? true;
  }

  /**
   * What it holds back; `until` is by `monotonicNow()`.
   *
   * @internal
   */
  held(): readonly ThrottledKey[] {
    return this.gates?.held() ?? [];
  }
}

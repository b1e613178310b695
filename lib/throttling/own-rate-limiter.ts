import type { ThrottledKey } from '../events/events.js';
import type { Gates } from './gates.js';
import type { RateLimiter } from './rate-limiter.js';

/**
 * What a client has that is given no `RateLimiter`: one without options, and without what checks these, so that a page that has
 * none does not load that.
 */
export class OwnRateLimiter implements RateLimiter {
  readonly options = {};
  gates: Gates | undefined = undefined;
  readonly limits = undefined;
  readonly opened = true;

  get idle(): boolean {
    return this.gates?.idle ?? true;
  }

  held(): readonly ThrottledKey[] {
    return this.gates?.held() ?? [];
  }
}

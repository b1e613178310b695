import { Limits } from './limits.js';
import { localSupplies } from './local-supplies.js';
import type { RateLimiter } from './rate-limiter.js';

/** Before the first call: makes what few need, and what is shared with other processes. */
export function openRateLimiter(rateLimiter: RateLimiter): void {
  if (rateLimiter.opened) return;
  const { limits, store } = rateLimiter.options;
  if (limits !== undefined) rateLimiter.limits = new Limits(limits, store?.openLimits ?? (() => localSupplies));
  if (store !== undefined) rateLimiter.gates = store.openGates();
  rateLimiter.opened = true;
}

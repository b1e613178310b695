import { Gates, type Pass, type Scope } from './gates.js';
import type { RateLimiter } from './rate-limiter.js';

/** What an answer says of throttling is the first that the limiter hears of it, or more. */
export function learnThrottle(
  rateLimiter: RateLimiter,
  scope: Scope,
  answer: Parameters<Gates['learn']>[1],
  pass: Pass | undefined,
): void {
  rateLimiter.gates ??= new Gates();
  rateLimiter.gates.learn(scope, answer, pass);
}

/**
 * In workerd a request must not wait for what another one does: its timers and connections are its own, it is ended where it has none
 * left, and it may be gone without a word. So nothing may stand between requests there.
 */
import type { ClientOptions } from '../client-options.js';
import { invalidOption } from '../schema/options.js';

/** Whether this is workerd, by the name that Cloudflare gives for that. */
export function requestsAreIsolated(): boolean {
  const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: string } };
  return navigator?.userAgent === 'Cloudflare-Workers';
}

/**
 * Options of a client whose calls do not wait for each other: without a pool, and without a gate before throttled calls.
 *
 * @throws ConfigurationError where they say otherwise.
 */
export function withoutWaiting(options: ClientOptions): ClientOptions {
  const { enableAsync = false, rateLimiter = false } = options;
  for (const [name, value] of Object.entries({ enableAsync, rateLimiter })) {
    if (value === false) continue;
    throw invalidOption(`client.${name}`, 'false in workerd, where no request may wait for another', value);
  }
  return { ...options, enableAsync, rateLimiter };
}

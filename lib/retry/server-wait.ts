import { parseHttpDate } from '../clock/http-date.js';
import { rateLimitsOf, spentFor } from './rate-limit.js';

/**
 * How long the server asks to be left alone, in milliseconds; `undefined` where it does not say. `now` is the time by the
 * server's clock, as far as that is known, in milliseconds since 1970.
 */
export function serverWaitOf(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  return positive(numberIn(headers['x-acs-retry-after'])) ?? quotaWait(headers) ?? retryAfter(headers, now);
}

function quotaWait(headers: Readonly<Record<string, string>>): number | undefined {
  const { api, user } = rateLimitsOf(headers);
  return positive(Math.max(spentFor(api), spentFor(user)));
}

/** Seconds or a date. */
function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const header = headers['retry-after'];
  const seconds = numberIn(header);
  if (seconds !== undefined) return positive(seconds * 1000);
  const date = parseHttpDate(header?.trim());
  return date === undefined ? undefined : positive(date - now);
}

/** Only plain decimals: `Number` takes hexadecimals, exponents and nothing at all. */
function numberIn(header: string | undefined): number | undefined {
  return header !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(header) ? Number(header) : undefined;
}

/** Whole milliseconds, rounded up, as it may never be shorter than what was asked. */
function positive(wait: number | undefined): number | undefined {
  return wait !== undefined && wait > 0 ? Math.ceil(wait) : undefined;
}

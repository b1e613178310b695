/** `x-ratelimit-user-api: Limit:1,Remain:0,TimeLeft:2000,Reset:1234`: what is left of a quota. */
export interface RateLimit {
  /** How many more requests are let through; `Infinity` where there is no limit. */
  readonly remain: number;
  /** For how much longer that holds, in milliseconds; 0 where the server does not say. */
  readonly timeLeft: number;
}

export interface RateLimits {
  /** Of the user's calls of one operation. */
  readonly api: RateLimit | undefined;
  /** Of all calls of the user. */
  readonly user: RateLimit | undefined;
}

/** Not every product sends them. */
export function rateLimitsOf(headers: Readonly<Record<string, string>>): RateLimits {
  return { api: parseRateLimit(headers['x-ratelimit-user-api']), user: parseRateLimit(headers['x-ratelimit-user']) };
}

/** Whether nothing is left of it. */
export function isSpent(limit: RateLimit | undefined): boolean {
  return limit !== undefined && limit.remain < 1;
}

/** For how long nothing is left of it, in milliseconds; 0 where something is, or where the server does not say. */
export function spentFor(limit: RateLimit | undefined): number {
  return limit !== undefined && isSpent(limit) ? limit.timeLeft : 0;
}

function parseRateLimit(header: string | undefined): RateLimit | undefined {
  if (header === undefined) return undefined;
  const remain = numberOf('Remain', header);
  if (remain === undefined) return undefined;
  return { remain: remain === -1 ? Infinity : remain, timeLeft: Math.max(0, numberOf('TimeLeft', header) ?? 0) };
}

function numberOf(name: string, header: string): number | undefined {
  const digits = new RegExp(`(?:^|[,;])\\s*${name}\\s*[:=]\\s*(-?\\d+(?:\\.\\d+)?)\\s*(?:[,;]|$)`, 'i').exec(
    header,
  )?.[1];
  return digits === undefined ? undefined : Number(digits);
}

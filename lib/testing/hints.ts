/** How an answer says for how long its caller had better wait. */

/** The header that says so; `x-ratelimit-user-api` is about one operation, `x-ratelimit-user` about all of an account. */
export type Hint = 'x-acs-retry-after' | 'x-ratelimit-user-api' | 'x-ratelimit-user' | 'retry-after';

export const hints: readonly Hint[] = ['x-acs-retry-after', 'x-ratelimit-user-api', 'x-ratelimit-user', 'retry-after'];

/** What a server asks of whoever it refused. */
export interface Hinting {
  /** How long the answer asks its caller to wait, in ms. @default 100 for a throttle, else nothing is asked */
  readonly retryAfter?: number;
  /** The header that asks it. `retry-after` knows whole seconds only: what is asked is rounded up. @default 'x-acs-retry-after' */
  readonly hint?: Hint;
  /** More headers of the answer: `retry-after`, or any that begin with `x-acs-` or `x-ratelimit-`, in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param wait in ms @param now the server's time, in ms */
export function hintHeaders(hint: Hint, wait: number, now: number): Record<string, string> {
  switch (hint) {
    case 'x-acs-retry-after':
      return { [hint]: String(wait) };
    case 'retry-after':
      return { [hint]: String(Math.ceil(wait / 1000)) };
    case 'x-ratelimit-user-api':
    case 'x-ratelimit-user':
      return { [hint]: rateLimitValue(1, 0, wait, now) };
  }
}

/** @param left how long the window still is, in ms */
export function rateLimitValue(limit: number, remain: number, left: number, now: number): string {
  return `Limit:${limit},Remain:${remain},TimeLeft:${left},Reset:${now + left}`;
}

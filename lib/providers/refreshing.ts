/** The shared refresh: what every provider of temporary credentials is made of. */
import {
  catchError,
  defer,
  identity,
  of,
  share,
  tap,
  throwError,
  timeout,
  type Observable,
  type ObservableInput,
} from 'rxjs';
import type { Credentials, CredentialsProvider } from '../credentials/credentials.js';
import { tokenOf } from '../credentials/read-credentials.js';
import { checkOption, checkOptions, milliseconds, ofType } from '../schema/options.js';
import { firstOf } from './first-of.js';
import { unavailable } from './unavailable.js';

export type ExpiringCredentials = Credentials & {
  /** When they expire, in milliseconds since 1970. Absent: not before the server says so. */
  readonly expires?: number | undefined;
};

export interface RefreshOptions {
  /** How long before their end new ones are fetched while the old ones are used on, in milliseconds; a third of their life at most. @default 900000 */
  readonly ahead?: number | undefined;
  /** How long before their end the old ones are given to nobody who can have new ones, in milliseconds; a tenth of their life at most. @default 60000 */
  readonly margin?: number | undefined;
  /** How long the old ones are used on, as long as they are good, before it is tried again, in milliseconds. @default 30000 */
  readonly retryDelay?: number | undefined;
  /** How long a fetch may take, in milliseconds. 0: no limit. @default 60000 */
  readonly timeout?: number | undefined;
  /** The time in milliseconds since 1970. @default Date.now */
  readonly clock?: (() => number) | undefined;
  /** From 0 up to 1: spreads the refreshes of many processes over the last fifth of `ahead`. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** In milliseconds. */
export const refreshDefaults = { ahead: 900_000, margin: 60_000, retryDelay: 30_000, timeout: 60_000 } as const;

/**
 * Keeps what `fetch` gives for as long as it is good, and shares it.
 *
 * All callers wait for one fetch, which is cancelled when the last of them has gone. New credentials are fetched ahead of
 * the old ones' end, while callers go on with the old ones. A failure is never kept: while the old ones are good, they
 * are used on; after that, each call tries again. Nothing runs between calls: no timer keeps a process alive.
 *
 * @example
 * const credentials = refreshing(async () => (await fetch('/credentials')).json()); // { accessKeyId, …, expires }
 */
export function refreshing(
  fetch: () => ObservableInput<ExpiringCredentials>,
  options: RefreshOptions = {},
): CredentialsProvider {
  checkOption('fetch', fetch, ofType('function'));
  checkOptions(options, rules);
  const {
    clock = Date.now,
    timeout: limit = refreshDefaults.timeout,
    retryDelay = refreshDefaults.retryDelay,
  } = options;
  let held: Held | undefined;

  /** The old ones are used on for a while. */
  const rest = (): void => {
    if (held !== undefined) held.refreshAt = clock() + retryDelay;
  };

  const fetched$: Observable<Credentials> = firstOf(fetch).pipe(
    limit === 0 ? identity : timeout({ first: limit, with: () => throwError(() => tooLate(limit)) }),
    tap({ next: (credentials) => (held = hold(credentials, clock(), options)), error: rest }),
    // Ends with its last subscriber, and is begun anew by the next.
    share(),
  );

  const asked$ = defer(() => {
    const now = clock();
    if (held === undefined || now >= held.expires) return fetched$;
    if (now < held.refreshAt) return held.credentials$;
    if (now < held.staleAt) {
      rest();
      // In the background: its failure is nobody's, as the old ones are still good.
      fetched$.subscribe({ error: () => undefined });
      return held.credentials$;
    }
    const old = held;
    return fetched$.pipe(
      catchError((error: unknown) => {
        if (held === old && clock() < old.expires) return old.credentials$;
        throw error;
      }),
    );
  });

  return Object.assign(() => asked$, {
    current: () => (held !== undefined && clock() < held.refreshAt ? held.credentials : undefined),
    invalidate(used: Credentials): void {
      if (held !== undefined && isSame(held.credentials, used)) held = undefined;
    },
  });
}

interface Held {
  readonly credentials: Credentials;
  readonly credentials$: Observable<Credentials>;
  readonly expires: number;
  /** From when on they are given only where no new ones can be had. */
  readonly staleAt: number;
  /** From when on new ones are fetched. */
  refreshAt: number;
}

function hold(credentials: ExpiringCredentials, now: number, options: RefreshOptions): Held {
  const { ahead = refreshDefaults.ahead, margin = refreshDefaults.margin, random = Math.random } = options;
  const { expires = Infinity } = credentials;
  if (typeof expires !== 'number' || Number.isNaN(expires)) {
    throw unavailable('expected `expires` to be a number of milliseconds since 1970');
  }
  const credentials$ = of(credentials);
  if (expires === Infinity) return { credentials, credentials$, expires, staleAt: expires, refreshAt: expires };
  const life = expires - now;
  const early = Math.min(ahead, life / 3) * (1 - random() / 5);
  const staleAt = expires - Math.min(margin, life / 10);
  return { credentials, credentials$, expires, staleAt, refreshAt: expires - early };
}

/** A new object was made of them on the way, so that they are compared by what signs. */
function isSame(a: Credentials, b: Credentials): boolean {
  if (!('accessKeyId' in a && 'accessKeyId' in b)) return tokenOf(a) === tokenOf(b);
  return a.accessKeyId === b.accessKeyId && a.securityToken === b.securityToken;
}

function tooLate(limit: number): Error {
  return unavailable(`no credentials came within ${limit} ms`);
}

const rules = {
  ahead: milliseconds,
  margin: milliseconds,
  retryDelay: milliseconds,
  timeout: milliseconds,
  clock: ofType('function'),
  random: ofType('function'),
} as const;

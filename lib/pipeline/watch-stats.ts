/** The numbers of a client, and where it has them from. */
import { EMPTY, type Observable } from 'rxjs';
import type { AsyncMode } from '../async/async-mode.js';
import type { Events } from '../events/emitter.js';
import type { ClientStats } from '../events/events.js';
import { statsOf, type StatsOptions } from '../events/stats.js';
import { openRateLimiter } from '../throttling/open-rate-limiter.js';
import type { RateLimiter } from '../throttling/rate-limiter.js';

/** What it needs of a client. */
export interface CountedClient {
  readonly asyncMode: AsyncMode;
  readonly events: Events;
  readonly rateLimiter: RateLimiter | undefined;
}

export function watchStats(
  { asyncMode, events, rateLimiter }: CountedClient,
  options: StatsOptions | undefined,
): Observable<ClientStats> {
  // Whoever watches hears of throttles that other processes share, before any call of this one.
  if (rateLimiter !== undefined) openRateLimiter(rateLimiter);
  return statsOf(
    {
      events$: events.events$,
      changes$: asyncMode.changes,
      counts: () => ({ ...asyncMode.depth, poolSize: asyncMode.poolSize }),
      throttled: () => rateLimiter?.held() ?? [],
      throttledChanges$: rateLimiter?.gates?.changes$ ?? EMPTY,
      fleet: () => asyncMode.fleet$,
    },
    options,
  );
}

import { concat, defer, ignoreElements, interval, map, merge, of, tap, type Observable } from 'rxjs';
import type { CallEvent, ClientStats } from './events.js';

/** How many calls a client has at the moment. */
export type Counts = Pick<ClientStats, 'running' | 'waiting' | 'poolSize'>;

/**
 * How a client is doing: at once, and then every second, as long as somebody is subscribed. The first rates are all 0, as
 * nothing has been counted yet.
 */
export function statsOf(events$: Observable<CallEvent>, counts: () => Counts): Observable<ClientStats> {
  return defer(() => {
    let rates = noRates();
    const counted$ = events$.pipe(
      tap((event) => count(rates, event)),
      ignoreElements(),
    );
    const stats$ = concat(of(0), interval(1000)).pipe(
      map(() => {
        const past = rates;
        rates = noRates();
        return { ...counts(), rates: past };
      }),
    );
    return merge(counted$, stats$);
  });
}

type Rates = { -readonly [Kind in keyof ClientStats['rates']]: number };

/** New ones each time: they are counted up in place, as there may be very many events in a second. */
function noRates(): Rates {
  return { started: 0, finished: 0, failed: 0, cancelled: 0, refused: 0, retried: 0, throttled: 0, drifted: 0 };
}

function count(rates: Rates, { type }: CallEvent): void {
  if (isCounted(type, rates)) rates[type]++;
}

function isCounted(type: CallEvent['type'], rates: Rates): type is CallEvent['type'] & keyof Rates {
  return type in rates;
}

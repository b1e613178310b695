/** A connection to a host, at whichever of its addresses answers first. */
import { lookup, type LookupAddress } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import { Observable, switchMap } from 'rxjs';
import { connected } from './connected.js';
import { firstOf } from './first-of.js';

/** How long an address is waited for before the next one is tried beside it, in milliseconds, as RFC 8305 recommends. */
const headStart = 250;

/**
 * Node gives up an address when it tries the next one, so that a slow handshake fails at all of them. Here each goes on
 * until one of them has succeeded.
 */
export function anyAddress(hostname: string, port: number): Observable<Socket> {
  const socketTo = (host: string): Observable<Socket> => connected('connect', () => connect({ host, port }));
  if (isIP(hostname) !== 0) return socketTo(hostname);
  return addressesOf(hostname).pipe(switchMap((addresses) => firstOf(addresses.map(socketTo), headStart)));
}

/** The kinds of addresses in turns, the one that the system has put first in front. */
function addressesOf(hostname: string): Observable<readonly string[]> {
  return new Observable((subscriber) => {
    lookup(hostname, { all: true }, (error, found) => {
      if (error !== null) return subscriber.error(error);
      const of = (isFirst: boolean): LookupAddress[] =>
        found.filter(({ family }) => (family === found[0]?.family) === isFirst);
      const [first, second] = [of(true), of(false)];
      const inTurns = found.flatMap((_, i) => [first[i], second[i]]).flatMap((each) => each?.address ?? []);
      subscriber.next(inTurns);
      subscriber.complete();
    });
  });
}

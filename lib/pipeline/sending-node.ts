/** The ways of sending, in Node: there at once. `sending-browser.ts` is its twin. */
import { of, type Observable } from 'rxjs';
import { direct } from './direct.js';
import { gateway } from './gateway.js';
import type { Sending } from './sending.js';

export function loadDirect(): Observable<Sending> {
  return of(direct);
}

export function loadGateway(): Observable<Sending> {
  return of(gateway);
}

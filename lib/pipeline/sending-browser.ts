/** The ways of sending, wherever Node is not: each a file of its own, so that a page loads its own alone. `sending-node.ts` is its twin. */
import { defer, map, type Observable } from 'rxjs';
import type { Sending } from './sending.js';

export function loadDirect(): Observable<Sending> {
  return defer(() => import('./direct.js')).pipe(map((loaded) => loaded.direct));
}

export function loadGateway(): Observable<Sending> {
  return defer(() => import('./gateway.js')).pipe(map((loaded) => loaded.gateway));
}

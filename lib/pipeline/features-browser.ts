/** The features, wherever Node is not: a file of its own in a bundle that is split. `features-node.ts` is its twin. */
import { defer, map, type Observable } from 'rxjs';
import type { Paging } from '../paging/paging.js';
import type { features } from './features.js';

export function loadFeatures(): Observable<typeof features> {
  return defer(() => import('./features.js')).pipe(map((loaded) => loaded.features));
}

export function loadPaging(): Observable<Paging> {
  return defer(() => import('../paging/paging.js')).pipe(map((loaded) => loaded.paging));
}

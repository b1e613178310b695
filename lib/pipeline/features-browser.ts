/** The features, wherever Node is not: each a file of its own in a bundle that is split. `features-node.ts` is its twin. */
import { defer, map, type Observable } from 'rxjs';
import type { Paging } from '../paging/paging.js';
import type { directFeatures } from './direct-features.js';
import type { features } from './features.js';

export function loadFeatures(): Observable<typeof features> {
  return defer(() => import('./features.js')).pipe(map((loaded) => loaded.features));
}

export function loadDirectFeatures(): Observable<typeof directFeatures> {
  return defer(() => import('./direct-features.js')).pipe(map((loaded) => loaded.directFeatures));
}

export function loadPaging(): Observable<Paging> {
  return defer(() => import('../paging/paging.js')).pipe(map((loaded) => loaded.paging));
}

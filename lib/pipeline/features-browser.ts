/** The features, wherever Node is not: a file of its own in a bundle that is split. `features-node.ts` is its twin. */
import { defer, type Observable } from 'rxjs';
import type * as features from './features.js';

export function loadFeatures(): Observable<typeof features> {
  return defer(() => import('./features.js'));
}

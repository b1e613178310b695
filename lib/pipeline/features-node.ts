/** The features, in Node: there at once, as size does not matter there. `features-browser.ts` is its twin. */
import { of, type Observable } from 'rxjs';
import { paging, type Paging } from '../paging/paging.js';
import { directFeatures } from './direct-features.js';
import { features } from './features.js';

export type Features = typeof features;

export function loadFeatures(): Observable<Features> {
  return of(features);
}

export function loadDirectFeatures(): Observable<typeof directFeatures> {
  return of(directFeatures);
}

export function loadPaging(): Observable<Paging> {
  return of(paging);
}

/** When the picture is drawn: with each frame of the screen while something is under way, and not at all while nothing is. */
import {
  animationFrames,
  combineLatest,
  distinctUntilChanged,
  EMPTY,
  fromEvent,
  interval,
  map,
  startWith,
  switchMap,
  type Observable,
} from 'rxjs';
import type { Lanes } from './lanes.js';

/** Emits for each moment that is drawn. Without motion, what runs grows once a second; what happens is shown at once all the same. */
export function frames(lanes$: Observable<Lanes>, isReduced$: Observable<boolean>): Observable<unknown> {
  const isActive$ = lanes$.pipe(
    map(({ idleSince }) => idleSince === undefined),
    distinctUntilChanged(),
  );
  return combineLatest([isActive$, isReduced$]).pipe(
    switchMap(([isActive, isReduced]) => {
      if (!isActive) return EMPTY;
      return isReduced ? interval(1000) : animationFrames();
    }),
  );
}

/** Whether the reader wants things to move less. */
export function reducedMotion(): Observable<boolean> {
  const query = matchMedia('(prefers-reduced-motion: reduce)');
  return fromEvent<MediaQueryListEvent>(query, 'change').pipe(
    map(({ matches }) => matches),
    startWith(query.matches),
  );
}

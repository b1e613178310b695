/** All that the component needs of RxJS and the client, so that the page loads them once it is shown. */
import { debounceTime, Subscription } from 'rxjs';
import type { ClientStats } from '../../lib/index.js';
import { createDemo, type Demo, type Sizes } from './demo.js';
import { frames, reducedMotion } from './frames.js';
import type { Lanes } from './lanes.js';

/** What is told as it happens. */
export interface Told {
  lanes(lanes: Lanes): void;
  stats(stats: ClientStats): void;
  /** The picture is to be drawn anew. */
  frame(): void;
  /** Nothing has happened for a second. */
  settled(): void;
}

export interface View extends Pick<Demo, 'call' | 'cancel' | 'resize'> {
  /** `complete` is called when nothing is left. */
  shutdown(complete: () => void): void;
  destroy(): void;
}

/** From one answer of the emulator to the next, in milliseconds. */
const latency = (): number => 700 + Math.random() * 1000;

export function createView(sizes: Sizes, told: Told): View {
  const demo = createDemo(sizes, latency);
  const { lanes$, stats$ } = demo;
  const subscriptions = new Subscription();
  subscriptions.add(lanes$.subscribe((lanes) => told.lanes(lanes)));
  subscriptions.add(stats$.subscribe((stats) => told.stats(stats)));
  subscriptions.add(frames(lanes$, reducedMotion()).subscribe(() => told.frame()));
  subscriptions.add(lanes$.pipe(debounceTime(1000)).subscribe(() => told.settled()));
  return {
    ...demo,
    shutdown: (complete) => void demo.shutdown().subscribe({ complete }),
    destroy() {
      subscriptions.unsubscribe();
      demo.destroy();
    },
  };
}

import { clearImmediate, clearTimeout, setImmediate as immediate, setTimeout } from 'node:timers';

/** As they are when this package is loaded, whatever fake ones a test puts in their place later. */
export const realTimers = {
  clearImmediate,
  clearTimeout,
  setImmediate: immediate,
  setTimeout,
  /** Whether the global ones are these still. */
  areInPlace: (): boolean => beneathZones(setImmediate) === beneathZones(immediate),
};

type SetImmediate = typeof setImmediate;

/** Zone.js puts a function around the global timer, and another around the module's. */
function beneathZones(timer: SetImmediate): SetImmediate {
  const { __zone_symbol__OriginalDelegate: beneath = timer } = timer as SetImmediate & {
    readonly __zone_symbol__OriginalDelegate?: SetImmediate;
  };
  return beneath;
}

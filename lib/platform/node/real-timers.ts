import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** As they are when this package is loaded, whatever fake ones a test puts in their place later. */
export const realTimers = { clearImmediate, clearTimeout, setImmediate, setTimeout };

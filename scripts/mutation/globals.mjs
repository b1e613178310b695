// What Jest gives to specs, made of its own parts, in the bundle of a pass.
import { jestExpect } from '@jest/expect';
import { ModernFakeTimers } from '@jest/fake-timers';
import fc from 'fast-check';
import * as circus from 'jest-circus';
import { ModuleMocker } from 'jest-mock';
import { actual, setFeatures } from './features.mjs';

const { afterAll, afterEach, beforeAll, beforeEach, describe, it } = circus;
circus.resetState();
// That a property fails is enough to know.
fc.configureGlobal({ endOnFailure: true });
const timers = new ModernFakeTimers({ global: globalThis, config: { fakeTimers: {}, rootDir: process.cwd() } });
const mocker = new ModuleMocker(globalThis);

const jest = {
  spyOn: (...args) => mocker.spyOn(...args),
  useFakeTimers: (options) => timers.useFakeTimers(options),
  useRealTimers: () => timers.useRealTimers(),
  setSystemTime: (now) => timers.setSystemTime(now),
  getTimerCount: () => timers.getTimerCount(),
  advanceTimersByTime: (milliseconds) => timers.advanceTimersByTime(milliseconds),
  advanceTimersByTimeAsync: (milliseconds) => timers.advanceTimersByTimeAsync(milliseconds),
  runAllTimersAsync: () => timers.runAllTimersAsync(),
  // Of `#features` alone, and for the specs of the file that says so.
  requireActual: () => actual,
  mock(_name, make) {
    beforeAll(() => setFeatures(make()));
    afterAll(() => setFeatures(actual));
  },
};

Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect: jestExpect, it, jest });

export { circus };

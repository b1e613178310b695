import { longestTimeout } from '../schema/options.js';
import { ConfigurationError } from '../errors.js';
import { inWords } from './sizes.js';

export interface ShutdownOptions {
  /** `drain` finishes what was accepted; `abort` ends it with an `SDK.Aborted`, the running requests too. @default 'drain' */
  readonly mode?: 'drain' | 'abort' | undefined;
  /** Drains for that long, in milliseconds, then aborts what is left: 0 to 2147483647. @default no limit */
  readonly timeout?: number | undefined;
}

/** @throws ConfigurationError */
export function requireShutdownOptions({ mode, timeout }: ShutdownOptions): void {
  if (mode !== undefined && mode !== 'drain' && mode !== 'abort') {
    throw new ConfigurationError({ path: 'mode', expected: "'drain' or 'abort'", received: inWords(mode) });
  }
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0 && timeout <= longestTimeout)) {
    throw new ConfigurationError({
      path: 'timeout',
      expected: `milliseconds from 0 to ${longestTimeout}`,
      received: inWords(timeout),
    });
  }
}

import { checkOptions, milliseconds, oneOf, type Rules } from '../schema/options.js';

export interface ShutdownOptions {
  /** `drain` finishes what was accepted; `abort` ends it with an `SDK.Aborted`, the running requests too. @default 'drain' */
  readonly mode?: 'drain' | 'abort' | undefined;
  /** Drains for that long, in milliseconds, >= 0, then aborts what is left. @default no limit */
  readonly timeout?: number | undefined;
}

const rules: Rules<ShutdownOptions> = { mode: oneOf('drain', 'abort'), timeout: milliseconds };

/** @throws ConfigurationError */
export function requireShutdownOptions(options: ShutdownOptions): void {
  checkOptions(options, rules);
}

/** What `DEBUG` makes a client show, in Node. Nothing else has an environment: `debug-none.ts` is its twin. */
import { debugVariable, showDiagnostics } from '../platform/node/diagnostics.js';
import type { Logger } from './logger.js';
import { debugFor } from './debug.js';

/** What to subscribe to a client's events with; `undefined` where the environment asks for nothing. */
export function debugListener(): Logger | undefined {
  return debugFor(debugVariable(), showDiagnostics);
}

/** The twin of `debug-node.ts`, wherever Node is not: there is no environment, and no code for it in a bundle. */
import type { Logger } from './logger.js';

export function debugListener(): Logger | undefined {
  return undefined;
}

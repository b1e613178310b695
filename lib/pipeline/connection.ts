/** Waits for a connection, where the transport has a bound on them: what waits is not signed yet, and its `timeout` does not count. */
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function connection({ transport }: Runtime): Stage {
  if (transport.admit === undefined) return (next) => next;
  return (next) => (call) => transport.admit?.(call.plan.origin, () => next(call)) ?? next(call);
}

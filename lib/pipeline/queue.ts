/** The async mode: a call starts at once, or when a slot of the pool is free. */
import type { CallContext } from './call-context.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function queue({ asyncMode, reporter }: Runtime): Stage {
  return (next) => {
    const start = (call: CallContext): ReturnType<typeof next> => {
      call.timeline.started = true;
      call.timeline.enter(undefined);
      reporter.started(call);
      return next(call);
    };
    return (call) => asyncMode.run(call, start);
  };
}

/** Finds the host. */
import { switchMap } from 'rxjs';
import { withinTimeout } from './attempt-timeout.js';
import { EndpointResolver } from './endpoint-resolver.js';
import { inContextOf } from './in-context-of.js';
import type { Runtime } from './runtime.js';
import type { Handler, Stage } from './stage.js';

/** `handle` makes the location service's calls. */
export function endpoint(runtime: Runtime, handle: Handler): Stage {
  const endpoints = new EndpointResolver(runtime, handle);
  return (next) => (call) => {
    const origin = endpoints.resolve(call.operation.service, call.settings);
    const sendTo = (found: string): ReturnType<typeof next> => {
      call.plan.origin = found;
      return next(call);
    };
    if (typeof origin === 'string') return sendTo(origin);
    // One question to the location service is asked for many calls.
    return origin.pipe(withinTimeout(call), inContextOf(call), switchMap(sendTo));
  };
}

/** The ways of sending: directly, signed and to the service's own host, or through a gateway that does both. */
import { switchMap, type Observable } from 'rxjs';
import type { Runtime } from './runtime.js';
import type { Handler, Stage } from './stage.js';

/** The stages in which the ways differ. */
export interface Sending {
  readonly uploads: (runtime: Runtime) => Stage;
  readonly encode: (runtime: Runtime) => Stage;
  /** `handle` makes calls that are needed on the way of another. */
  readonly endpoint: (runtime: Runtime, handle: Handler) => Stage;
  /** Here an attempt begins. */
  readonly credentials: Stage;
  readonly throttle: (runtime: Runtime) => Stage;
  readonly sign: (runtime: Runtime) => Stage;
}

/**
 * The handler for calls that are sent one way: made with the first of them, which in a browser loads what it needs. From then
 * on nothing stands around it.
 */
export function onceLoaded<T>(part$: Observable<T>, make: (part: T) => Handler): Handler {
  let handle: Handler | undefined;
  return (call) => handle?.(call) ?? part$.pipe(switchMap((part) => (handle ??= make(part))(call)));
}

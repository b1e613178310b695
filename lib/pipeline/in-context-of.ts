import type { MonoTypeOperatorFunction } from 'rxjs';
import { isolate } from '../isolate.js';
import type { CallContext } from './call-context.js';

/** Goes on in the call's own async context, where something that calls share may emit in that of another. */
export function inContextOf<T>(call: CallContext): MonoTypeOperatorFunction<T> {
  return (source) => isolate(source, (emit) => call.inScope(emit));
}

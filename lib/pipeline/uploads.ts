/** Uploads the files in a request first, where the operation takes the URL of a file. */
import { switchMap } from 'rxjs';
import type { CallContext } from './call-context.js';
import { writeRequest } from './encode.js';
import { bodyReader } from './body-reader.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function uploads(runtime: Runtime): Stage {
  const readBody = bodyReader(runtime);
  // Before anything is sent.
  const check = (call: CallContext): void => void writeRequest(runtime, call, runtime.codecsOf(call.operation));
  return (next) => (call) => {
    if (call.operation.upload === undefined) return next(call);
    return runtime.lazyFeatures.features$.pipe(
      switchMap(({ uploadFiles }) => uploadFiles(next, call, check, readBody)),
    );
  };
}

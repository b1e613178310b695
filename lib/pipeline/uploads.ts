/** Uploads the files in a request first, where the operation takes the URL of a file. */
import { switchMap } from 'rxjs';
import { encoderOf } from '../codec/encode.js';
import { perOperation } from '../codec/per-operation.js';
import { UnfitRequest } from '../codec/unfit-request.js';
import type { CallContext } from './call-context.js';
import { writeRequest } from './encode.js';
import { bodyReader } from './body-reader.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function uploads(runtime: Runtime): Stage {
  const readBody = bodyReader(runtime);
  const encoders = perOperation(encoderOf);
  const { features$, directFeatures$ } = runtime.lazyFeatures;
  return (next) => (call) => {
    if (call.operation.upload === undefined) return next(call);
    return features$.pipe(
      switchMap(({ refuseRequest }) => {
        // Before anything is sent.
        const check = (ready: CallContext): void => {
          try {
            writeRequest(runtime, ready, encoders(ready.operation));
          } catch (error) {
            if (error instanceof UnfitRequest) refuseRequest(error);
            throw error;
          }
        };
        return directFeatures$.pipe(switchMap(({ uploadFiles }) => uploadFiles(next, call, check, readBody)));
      }),
    );
  };
}

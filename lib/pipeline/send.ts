/** The end of a call's way: the transport, and the only place that asks it for anything. */
import { wholeAnswers } from '#answer';
import { switchMap } from 'rxjs';
import type { Runtime } from './runtime.js';
import type { Handler } from './stage.js';

export function send(runtime: Runtime): Handler {
  const { transport, lazyFeatures } = runtime;
  const askWhole = wholeAnswers(runtime);
  return (call) => {
    const { request } = call.attempt;
    if (!call.answersInChunks && !call.reportsUpload) return askWhole(call, request);
    return lazyFeatures.features$.pipe(
      switchMap(({ sendInChunks, BodyProgress }) =>
        call.answersInChunks
          ? sendInChunks(transport, request, call)
          : askWhole(call, request, (emit) => new BodyProgress(request, emit)),
      ),
    );
  };
}

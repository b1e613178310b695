/** Makes attempts until one succeeds, or until another would not help or is not safe. */
import { attempts } from '#answer';
import { catchError, mergeMap, throwError, type Observable } from 'rxjs';
import type { AlicloudError } from '../errors.js';
import type { CallContext } from './call-context.js';
import type { Repetitions } from './recovery.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';
import { unexplained } from './unexplained.js';

export function retry(runtime: Runtime): Stage {
  return (next) => (call) => {
    let repetitions: Repetitions | undefined;
    const after = (failure: unknown): Observable<unknown> =>
      runtime.lazyFeatures.features$.pipe(
        catchError((notLoaded: AlicloudError) => throwError(() => endUnexplained(runtime, call, failure, notLoaded))),
        mergeMap(({ Recovery }) => {
          runtime.recovery ??= new Recovery(runtime);
          repetitions ??= runtime.recovery.repetitionsOf(call);
          return repetitions.after(failure);
        }),
      );
    return attempts(() => next(call), after);
  };
}

/** Where what reads failures and decides on repetitions can not be loaded, the call ends at once. */
function endUnexplained(
  { reporter }: Runtime,
  call: CallContext,
  failure: unknown,
  notLoaded: AlicloudError,
): AlicloudError {
  const { attempt, timeline } = call;
  const error = unexplained(call, failure, notLoaded);
  if (!attempt.begun) {
    timeline.endAttempt(timeline.enter(undefined) - attempt.startedAt, attempt.answer?.status, error);
    reporter.answered(call, error);
  }
  return call.describeError(error);
}

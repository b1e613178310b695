/** Makes attempts until one succeeds, or until another would not help or is not safe. */
import { catchError, defer, mergeMap, Observable, retry as retryWhen, take, throwError } from 'rxjs';
import type { AlicloudError } from '../errors.js';
import type { HttpEvent } from '../http-event.js';
import type { CallContext } from './call-context.js';
import { FirstAttempt } from './first-attempt.js';
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
    return new Observable((subscriber) => {
      const goOn = (): Observable<HttpEvent> => {
        first.unsubscribe();
        return defer(() => next(call)).pipe(retryWhen({ delay: after }));
      };
      const first = new FirstAttempt(subscriber, (failure) => {
        after(failure).pipe(take(1), mergeMap(goOn)).subscribe(subscriber);
      });
      try {
        next(call).subscribe(first);
      } catch (error) {
        first.error(error);
      }
    });
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

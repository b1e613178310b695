/** The end of a call's way: the transport, and the only place that asks it for anything. */
import { asyncScheduler, switchMap } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import { Timeouts, type TimeoutClock } from '../platform/timeouts.js';
import type { Runtime } from './runtime.js';
import type { Handler } from './stage.js';
import { WholeAnswer, type AnswerSource } from './whole-answer.js';

export function send({ transport, exchange, lazyFeatures }: Runtime): Handler {
  const source: AnswerSource = { transport, exchange, timeouts: new Timeouts(clock) };
  return (call) => {
    const { request } = call.attempt;
    if (!call.answersInChunks && !call.reportsUpload) return new WholeAnswer(source, call, request);
    return lazyFeatures.features$.pipe(
      switchMap(({ sendInChunks, BodyProgress }) =>
        call.answersInChunks
          ? sendInChunks(transport, request, call)
          : new WholeAnswer(source, call, request, (emit) => new BodyProgress(request, emit)),
      ),
    );
  };
}

/** In a test's virtual time it is that. */
const clock: TimeoutClock = {
  now: monotonicNow,
  set(work, after) {
    const timer = asyncScheduler.schedule(work, after);
    return () => timer.unsubscribe();
  },
  afterReading: (work) => work(),
};

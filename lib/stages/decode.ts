/** Makes of the answer the operation's response, or a typed error. */
import { map, switchMap } from 'rxjs';
import type { FullResponse, HttpEvent } from '../http-event.js';
import type { CallContext } from './call-context.js';
import { acceptAnswer } from './outcome.js';
import { rawAnswerOf } from './raw-answer.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function decode(runtime: Runtime): Stage {
  return (next) => (call) => {
    if (call.answersInChunks) {
      return runtime.lazyFeatures.features$.pipe(
        switchMap(({ decodeChunks }) => decodeChunks(next, call, (head) => acceptAnswer(runtime, call, head))),
      );
    }
    return next(call).pipe(map((event) => (event.kind === 'response' ? decodeWhole(runtime, call, event) : event)));
  };
}

function decodeWhole(runtime: Runtime, call: CallContext, answer: FullResponse<unknown>): HttpEvent {
  const { attempt, plan, timeline } = call;
  const { status, headers } = answer;
  attempt.answer = answer;
  const body = plan.decode(rawAnswerOf(answer), attempt.secrets);
  timeline.whole = true;
  acceptAnswer(runtime, call, answer);
  return { kind: 'response', body, status, headers, attempts: timeline.attempts };
}

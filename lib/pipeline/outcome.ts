import { hasNone } from '#answer';
import type { FullResponse, ResponseHead } from '../http-event.js';
import type { CallContext } from './call-context.js';
import { quotaHeaders, type Runtime } from './runtime.js';

/** The answer is the operation's; one that comes in chunks has begun. The calls that come after it learn of it. */
export function acceptAnswer(runtime: Runtime, call: CallContext, answer: ResponseHead | FullResponse<unknown>): void {
  const { attempt, timeline } = call;
  attempt.begun = timeline.begun = true;
  timeline.endAttempt(timeline.enter(undefined) - attempt.startedAt, answer.status);
  runtime.recovery?.retries.succeeded();
  // Most say nothing of throttling.
  if (attempt.pass !== undefined || !hasNone(answer, quotaHeaders)) {
    runtime.reportToThrottle(call, { throttled: false, headers: answer.headers });
  }
  runtime.reporter.answered(call);
  // Nobody asks for it any more, and the context is kept for as long as the call.
  attempt.answer = undefined;
}

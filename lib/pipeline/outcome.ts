/** What the outcome of an attempt teaches the calls that come after it. */
import type { AlicloudError } from '../errors.js';
import type { FullResponse, ResponseHead } from '../http-event.js';
import { failureKindOf } from '../retry/classify.js';
import { serverWaitOf } from '../retry/server-wait.js';
import { callSafely } from '../unhandled-error.js';
import type { CallContext } from './call-context.js';
import type { Runtime } from './runtime.js';
import { reportToThrottle } from './throttle.js';

/** The answer is the operation's; one that comes in chunks has begun. */
export function acceptAnswer(
  runtime: Runtime,
  call: CallContext,
  { status, headers }: ResponseHead | FullResponse<unknown>,
): void {
  const { attempt, timeline } = call;
  attempt.begun = timeline.begun = true;
  timeline.endAttempt(timeline.enter(undefined) - attempt.startedAt, status);
  runtime.retries.succeeded();
  reportToThrottle(runtime, call, { throttled: false, headers });
  runtime.reporter.response(call);
  // Nobody asks for it any more, and the context is kept for as long as the call.
  attempt.answer = undefined;
}

/** The attempt has failed: the repetition of its call learns of it, too. */
export function learnFromFailure(runtime: Runtime, call: CallContext, error: AlicloudError): void {
  const { attempt, settings } = call;
  const { answer, credentials, signedAt, clockOffset } = attempt;
  const { clock } = runtime;
  const kind = failureKindOf(error);
  if (kind === 'credentials' && credentials !== undefined) {
    callSafely(() => settings.credentials?.invalidate?.(credentials));
  }
  if (answer === undefined) return;
  const { headers, status } = answer;
  const wait = serverWaitOf(headers, clock.now());
  if (wait !== undefined) error.retryAfter = wait;
  if (kind === 'clock') clock.learn(headers.date, headers.age, signedAt - clockOffset, clock.now() - clock.offset);
  if (kind === 'throttled') reportToThrottle(runtime, call, { throttled: true, wait, headers });
  // Any other refusal is from behind the gateway that counts calls; a server that is in trouble says nothing of it.
  else if (status < 500) reportToThrottle(runtime, call, { throttled: false, headers });
}

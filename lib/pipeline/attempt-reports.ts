/** Tells a client's listeners of what was sent and what came back, with the secrets masked. */
import { monotonicNow } from '../clock/monotonic.js';
import { refusalsIn } from '../codec/explain-answer.js';
import type { Misfit } from '../codec/unfit-answer.js';
import { shownRequest, shownResponse } from '../masking/shown.js';
import { secretsOf } from './attempt-secrets.js';
import type { CallContext } from './call-context.js';
import { factsOf, type CallReporter } from './call-reporter.js';
import { rawAnswerOf } from './raw-answer.js';

/** The attempt begins; whoever is told of it will be told of its answer. */
export function tellAttempt({ events }: CallReporter, call: CallContext): void {
  const { attempt } = call;
  const { signed, number, startedAt } = attempt;
  if (signed === undefined) return;
  const secrets = secretsOf(attempt);
  const request = once(() => shownRequest(signed.http, secrets));
  attempt.tellAnswer = (error) => {
    if (!events.observed) return;
    const { answer } = attempt;
    const response = once(() =>
      answer === undefined ? undefined : shownResponse('body' in answer ? rawAnswerOf(answer) : answer, secrets),
    );
    events.emit({
      type: 'response',
      ...factsOf(call),
      attempt: number,
      duration: monotonicNow() - startedAt,
      get request() {
        return request();
      },
      get response() {
        return response();
      },
      error,
    });
  };
  events.emit({
    type: 'attempt',
    ...factsOf(call),
    attempt: number,
    get request() {
      return request();
    },
  });
}

/** What of an answer did not fit the operation's description, and was handed on as it came. */
export function tellDrift({ events }: CallReporter, call: CallContext, misfit: Misfit): void {
  events.emit({ type: 'drifted', ...factsOf(call), drift: refusalsIn(misfit, secretsOf(call.attempt)) });
}

/** Most listeners look at neither requests nor answers, and masking takes longer than all else that is told. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

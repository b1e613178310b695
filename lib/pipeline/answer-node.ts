/** Answers that come whole, in Node: with as little around each as can be, as calls are many there. `answer-browser.ts` is its twin. */
import { asyncScheduler, defer, map, mergeMap, Observable, retry, take } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import type { ClientOptions } from '../client-options.js';
import type { FullResponse, HttpEvent } from '../http-event.js';
import { Timeouts, type TimeoutClock } from '../platform/timeouts.js';
import type { HttpResponse } from '../transport/transport.js';
import type { CallContext } from './call-context.js';
import { FirstAttempt } from './first-attempt.js';
import { rawAnswerOf } from './raw-answer.js';
import { ReceivedAnswer } from './received-answer.js';
import {
  WholeAnswer,
  type AfterFailure,
  type AnswerSource,
  type AskWhole,
  type ReadWhole,
  type RequestSource,
} from './whole-answer.js';

export function wholeAnswers({ transport, exchange }: RequestSource): AskWhole {
  const source: AnswerSource = { transport, exchange, timeouts: new Timeouts(clock) };
  return (call, request, follow) => new WholeAnswer(source, call, request, follow);
}

/** What becomes of the answer among the events of an attempt. */
export function readWhole(events$: Observable<HttpEvent>, read: ReadWhole): Observable<HttpEvent> {
  return events$ instanceof WholeAnswer
    ? events$.readBy(read)
    : events$.pipe(map((event) => (event.kind === 'response' ? read(event) : event)));
}

/** Ends an attempt when its time is up, all calls by one timer; `undefined` where that can't be. */
export function limitWhole(
  events$: Observable<HttpEvent>,
  { settings, attempt, reportsUpload }: CallContext,
): Observable<HttpEvent> | undefined {
  const isPlain = attempt.timeSpent === 0 && !reportsUpload;
  return isPlain && events$ instanceof WholeAnswer ? events$.within(settings.timeout) : undefined;
}

/** The answer, decoded. What stands between this and a caller who wants the body alone looks at no headers either. */
export function withBody(
  answer: FullResponse<unknown>,
  body: unknown,
  { kind, timeline }: CallContext,
  { interceptors = [] }: Pick<ClientOptions, 'interceptors'>,
): HttpEvent {
  // No interceptor of the user's sees the events of calls.
  const isUnseen = kind.observe === 'body' && interceptors.length === 0;
  if (answer instanceof ReceivedAnswer && isUnseen) return answer.with(body);
  const { status, headers } = answer;
  return { kind: 'response', body, status, headers, attempts: timeline.attempts };
}

/** As the transport gave it. */
export function rawWhole(answer: FullResponse<unknown>): HttpResponse {
  // Without a look at its headers.
  if (answer instanceof ReceivedAnswer && typeof answer.body === 'string') return answer;
  return rawAnswerOf(answer);
}

/** Whether it is known, without a look at all of its headers, that it has none of these; names in lower case. */
export function hasNone(answer: object, names: readonly string[]): boolean {
  return answer instanceof ReceivedAnswer && !answer.hasAny(names);
}

/** Makes attempts for as long as `after` a failure emits. */
export function attempts(attempt: () => Observable<HttpEvent>, after: AfterFailure): Observable<HttpEvent> {
  return new Observable((subscriber) => {
    const goOn = (): Observable<HttpEvent> => {
      first.unsubscribe();
      return defer(attempt).pipe(retry({ delay: after }));
    };
    const first = new FirstAttempt(subscriber, (failure) => {
      after(failure).pipe(take(1), mergeMap(goOn)).subscribe(subscriber);
    });
    try {
      attempt().subscribe(first);
    } catch (error) {
      first.error(error);
    }
  });
}

/** In a test's virtual time it is that. */
const clock: TimeoutClock = {
  now: () => monotonicNow(),
  set(work, after) {
    const timer = asyncScheduler.schedule(work, after);
    return () => timer.unsubscribe();
  },
  afterReading: (work) => work(),
};

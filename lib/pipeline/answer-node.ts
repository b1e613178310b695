/** Answers that come whole, in Node: with as little around each as can be, as calls are many there. `answer-browser.ts` is its twin. */
import { asyncScheduler, defer, map, mergeMap, Observable, retry, take } from 'rxjs';
import { monotonicNow } from '../clock/monotonic.js';
import type { FullResponse, HttpEvent } from '../http-event.js';
import { Timeouts, type TimeoutClock } from '../platform/timeouts.js';
import { FirstAttempt } from './first-attempt.js';
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

/** Ends it when so many milliseconds are up, all calls by one timer; `undefined` where that can't be. */
export function limitWhole(events$: Observable<HttpEvent>, limit: number): Observable<HttpEvent> | undefined {
  return events$ instanceof WholeAnswer ? events$.within(limit) : undefined;
}

/** Whether its headers are read when somebody looks. */
export function isReceived(answer: object): answer is ReceivedAnswer & FullResponse<unknown> {
  return answer instanceof ReceivedAnswer;
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
  now: monotonicNow,
  set(work, after) {
    const timer = asyncScheduler.schedule(work, after);
    return () => timer.unsubscribe();
  },
  afterReading: (work) => work(),
};

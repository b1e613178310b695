/** Answers that come whole, wherever Node is not: made of few words, as size counts there. `answer-node.ts` is its twin. */
import { defer, map, Observable, retry } from 'rxjs';
import type { FullResponse, HttpEvent } from '../http-event.js';
import type { CallContext } from './call-context.js';
import { eventOf } from './event-of.js';
import { noResponse } from './no-response.js';
import type { AfterFailure, AskWhole, ReadWhole, RequestSource } from './whole-answer.js';

/** The first answer counts, as in the twin; here there is one way to it, the transport's. */
export function wholeAnswers({ transport }: RequestSource): AskWhole {
  return (call, request, follow) =>
    new Observable((subscriber) => {
      // An interceptor of attempts may have ended it: then nothing is sent.
      if (call.closed) return;
      const progress = follow?.((event) => subscriber.next(event));
      progress?.report(0);
      const sent = progress === undefined ? request : { ...request, onUploaded: progress.report };
      return transport.send(sent).subscribe({
        next: (response) =>
          call.inScope(() => {
            progress?.report(Infinity);
            subscriber.next(eventOf(response, call.timeline.attempts));
            subscriber.complete();
          }),
        error: (error: unknown) => call.inScope(() => subscriber.error(error)),
        complete: () => call.inScope(() => subscriber.error(noResponse(request))),
      });
    });
}

export function readWhole(events$: Observable<HttpEvent>, read: ReadWhole): Observable<HttpEvent> {
  return events$.pipe(map((event) => (event.kind === 'response' ? read(event) : event)));
}

/** Each call has a timer of its own. */
export function limitWhole(): undefined {
  return undefined;
}

export function attempts(attempt: () => Observable<HttpEvent>, after: AfterFailure): Observable<HttpEvent> {
  return defer(attempt).pipe(retry({ delay: after }));
}

export function withBody(
  { status, headers }: FullResponse<unknown>,
  body: unknown,
  { timeline }: CallContext,
): HttpEvent {
  return { kind: 'response', body, status, headers, attempts: timeline.attempts };
}

/** They are plain, and looked at. */
export function hasNone(): boolean {
  return false;
}

export { rawAnswerOf as rawWhole } from './raw-answer.js';

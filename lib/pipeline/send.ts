/** The end of a call's way: the transport, and the only place that asks it for anything. */
import { Observable, switchMap } from 'rxjs';
import type { FullResponse, HttpEvent, UploadProgress } from '../http-event.js';
import type { HttpRequest, HttpResponse, Transport } from '../transport/transport.js';
import type { BodyProgress } from './body-progress.js';
import type { CallContext } from './call-context.js';
import { noResponse } from './no-response.js';
import type { Runtime } from './runtime.js';
import type { Handler } from './stage.js';

export function send({ transport, lazyFeatures }: Runtime): Handler {
  return (call) => {
    const { request } = call.attempt;
    if (!call.answersInChunks && !call.reportsUpload) return wholeOf(transport, request, call);
    return lazyFeatures.features$.pipe(
      switchMap(({ sendInChunks, BodyProgress }) =>
        call.answersInChunks
          ? sendInChunks(transport, request, call)
          : wholeOf(transport, request, call, (emit) => new BodyProgress(request, emit)),
      ),
    );
  };
}

/**
 * The first answer: a transport of the user's own may do anything, and a call gives one response or one error. What comes
 * from a socket comes in the async context of whichever call has opened that.
 */
function wholeOf(
  transport: Transport,
  request: HttpRequest,
  call: CallContext,
  follow?: (emit: (progress: UploadProgress) => void) => BodyProgress,
): Observable<HttpEvent> {
  const { timeline } = call;
  return new Observable((subscriber) => {
    // An interceptor of attempts may have ended it: then nothing is sent.
    if (call.closed) return;
    const progress = follow?.((event) => subscriber.next(event));
    progress?.report(0);
    const sent = progress === undefined ? request : { ...request, onUploaded: progress.report };
    return transport.send(sent).subscribe({
      next: (response) =>
        call.inScope(() => {
          progress?.report(Infinity);
          subscriber.next(eventOf(response, timeline.attempts));
          subscriber.complete();
        }),
      error: (error: unknown) => call.inScope(() => subscriber.error(error)),
      complete: () => {
        // An error has a stack, which costs more than most of a call.
        if (!subscriber.closed) call.inScope(() => subscriber.error(noResponse(request)));
      },
    });
  });
}

function eventOf(response: HttpResponse, attempts: FullResponse<unknown>['attempts']): FullResponse<unknown> {
  const { status, headers, body, bytes } = response;
  return { kind: 'response', body: bytes ?? body, status, headers, attempts };
}

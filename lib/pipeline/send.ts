/** The end of a call's way: the transport, and the only place that asks it for anything. */
import { concat, defer, EMPTY, map, Observable } from 'rxjs';
import { ConfigurationError, NetworkError } from '../errors.js';
import type { FullResponse, HttpEvent, UploadProgress } from '../http-event.js';
import type { HttpRequest, HttpResponse, Transport } from '../transport/transport.js';
import type { CallContext } from './call-context.js';
import { inContextOf } from './in-context-of.js';
import type { Handler } from './stage.js';

export function send(transport: Transport): Handler {
  return (call) => {
    const { request } = call.attempt;
    return call.answersInChunks ? chunksOf(transport, request, call) : wholeOf(transport, request, call);
  };
}

/**
 * The first answer: a transport of the user's own may do anything, and a call gives one response or one error. What comes
 * from a socket comes in the async context of whichever call has opened that.
 */
function wholeOf(transport: Transport, request: HttpRequest, call: CallContext): Observable<HttpEvent> {
  const { timeline, reportsUpload } = call;
  return new Observable((subscriber) => {
    // An interceptor of attempts may have ended it: then nothing is sent.
    if (call.closed) return;
    const progress = reportsUpload ? new BodyProgress(request, (event) => subscriber.next(event)) : undefined;
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
      complete: () => call.inScope(() => subscriber.error(noResponse(request))),
    });
  });
}

function eventOf(response: HttpResponse, attempts: FullResponse<unknown>['attempts']): FullResponse<unknown> {
  const { status, headers, body, bytes } = response;
  return { kind: 'response', body: bytes ?? body, status, headers, attempts };
}

/** The head of the answer, and then what comes of its body. */
function chunksOf(transport: Transport, request: HttpRequest, call: CallContext): Observable<HttpEvent> {
  const { operation, timeline } = call;
  if (transport.stream === undefined) {
    const why =
      operation.responseType === 'events' ? 'the operation answers with events' : 'the response is wanted as it comes';
    const expected = `an object with a method \`stream\`, as ${why}`;
    throw new ConfigurationError({ path: 'transport', expected, received: 'one without' });
  }
  return defer(() => {
    if (call.closed) return EMPTY;
    let head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
    // A stream of events may have no end: the limit is one event's.
    const limited = operation.responseType === 'events' ? { ...request, maxResponseSize: undefined } : request;
    const parts$ = (transport.stream?.(limited) ?? EMPTY).pipe(
      inContextOf(call),
      map((part): HttpEvent => {
        if (!(part instanceof Uint8Array)) {
          head = part;
          return { kind: 'head', status: part.status, headers: part.headers };
        }
        const { status, headers } = head ?? { status: 0, headers: {} };
        return { kind: 'chunk', body: part, status, headers, attempts: timeline.attempts };
      }),
    );
    return concat(
      parts$,
      defer(() => {
        if (head === undefined) throw noResponse(request);
        return EMPTY;
      }),
    );
  });
}

/** How much of a request's body has been sent: each number once, and never more than there is. */
class BodyProgress {
  private readonly total: number;
  private loaded = -1;

  constructor(
    { body }: HttpRequest,
    private readonly emit: (progress: UploadProgress) => void,
  ) {
    this.total = typeof body === 'string' ? new TextEncoder().encode(body).length : (body?.length ?? 0);
  }

  readonly report = (bytes: number): void => {
    const loaded = Math.min(bytes, this.total);
    if (this.total === 0 || loaded === this.loaded) return;
    this.loaded = loaded;
    this.emit({ kind: 'uploadProgress', loaded, total: this.total });
  };
}

function noResponse({ url }: HttpRequest): NetworkError {
  return new NetworkError('The transport completed without a response', new URL(url).origin);
}

/** Answers that come as they are made: a stream of events, or one of bytes. */
import { concat, concatMap, defer, EMPTY, from, map, of, type Observable } from 'rxjs';
import { InvalidResponseError, type AlicloudError } from '../errors.js';
import type { FullResponse, HttpEvent, ResponseHead } from '../http-event.js';
import { isSuccess } from '../pipeline/decode.js';
import { EventStreamParser } from '../pipeline/event-stream.js';
import { masked } from '../pipeline/mask.js';
import type { AnyOperation } from '../service.js';
import { plainBytes } from '../transport/bytes.js';
import type { HttpHead, HttpResponse } from '../transport/transport.js';
import type { CallContext } from './call-context.js';
import { rawAnswerOf } from './raw-answer.js';
import type { Handler } from './stage.js';

/**
 * Passes the head on, and then a chunk for each event or each piece. An answer that was not asked for is read whole; `accept`
 * is told of one that was.
 */
export function decodeChunks(
  next: Handler,
  call: CallContext,
  accept: (head: ResponseHead) => void,
): Observable<HttpEvent> {
  const { operation, attempt, plan } = call;
  const isExpected = operation.responseType === 'events' ? isEventStream : isSuccess;

  return defer(() => {
    const decodeChunk = operation.responseType === 'events' ? eventReader(call) : bytesOf;
    const text = new TextDecoder();
    let head: ResponseHead | undefined;
    let unexpected = '';

    const events$ = next(call).pipe(
      concatMap((event): Observable<HttpEvent> => {
        if (event.kind === 'uploadProgress') return of(event);
        if (event.kind === 'head' || head === undefined) {
          const { status, headers } = event;
          head = { kind: 'head', status, headers };
          attempt.answer = head;
          if (isExpected(head)) accept(head);
        }
        if (event.kind === 'head') return isExpected(head) ? of(event) : EMPTY;
        const bytes = event.body instanceof Uint8Array ? event.body : new TextEncoder().encode(rawAnswerOf(event).body);
        if (isExpected(head)) return decodeChunk(event, bytes);
        unexpected += text.decode(bytes, { stream: true });
        return EMPTY;
      }),
    );
    const end$ = defer(() => {
      if (head === undefined || isExpected(head)) return EMPTY;
      const body = unexpected + text.decode();
      // An error is thrown by reading it; anything else is not what was asked for.
      if (!isSuccess(head)) plan.decode({ ...head, body }, attempt.secrets);
      throw noEvents(operation, masked({ ...head, body }, attempt.secrets));
    });
    return concat(events$, end$);
  });
}

type Chunk = FullResponse<unknown>;

/** Emits each event's data. */
function eventReader({ plan, attempt }: CallContext): (chunk: Chunk, bytes: Uint8Array) => Observable<HttpEvent> {
  const parser = new EventStreamParser();
  return ({ status, headers, attempts }, bytes) =>
    from(parser.push(bytes)).pipe(
      map(({ data, ...event }): HttpEvent => {
        const body = plan.decode({ status, headers, body: data }, attempt.secrets);
        return { kind: 'chunk', body, status, headers, attempts, event };
      }),
    );
}

function bytesOf(chunk: Chunk, bytes: Uint8Array): Observable<HttpEvent> {
  return of({ ...chunk, kind: 'chunk', body: plainBytes(bytes) });
}

/** Servers answer with JSON where they refuse and yet say 200; apart from that, not all of them name the type. */
function isEventStream(head: HttpHead): boolean {
  return isSuccess(head) && !/^application\/json\b/i.test(head.headers['content-type'] ?? '');
}

function noEvents({ action }: AnyOperation, { status, headers, body }: HttpResponse): AlicloudError {
  const type = headers['content-type'] ?? 'no content type';
  const message = `The answer to ${action}, status ${status}, is no stream of events (${type})`;
  return new InvalidResponseError(message, status, headers, body);
}

/** What lies between a signed request and its response: one answer, a stream of events, or one of bytes. */
import { defer, from, map, of, take, throwIfEmpty, type Observable } from 'rxjs';
import { InvalidResponseError } from '../errors.js';
import type { AnyOperation } from '../service.js';
import { plainBytes } from '../transport/bytes.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../transport/transport.js';
import { isSuccess } from './decode.js';
import { EventStreamParser, type ServerSentEvent } from './event-stream.js';
import { noResponse, streamed, type begun } from './streamed.js';

/** A response with the HTTP facts around it. */
export interface FullResponse<Body> {
  readonly body: Body;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of an operation that answers with events: what the server says of this one. */
  readonly event?: Omit<ServerSentEvent, 'data'> | undefined;
}

/** Makes of an answer, or of one event's data, what it amounts to; throws where it is not the operation's. */
export type Read = (response: HttpResponse) => unknown;

export function answerTo(transport: Transport, http: HttpRequest, read: Read): Observable<FullResponse<unknown>> {
  return transport.send(http).pipe(
    // A transport of the user's own may do anything; a call gives one response or one error.
    take(1),
    throwIfEmpty(() => noResponse(http)),
    map((response) => ({ body: read(response), status: response.status, headers: response.headers })),
  );
}

/** Emits each event's data as a response of its own. */
export function eventsOf(
  transport: Transport,
  http: HttpRequest,
  operation: AnyOperation,
  read: Read,
): Observable<FullResponse<unknown> | typeof begun> {
  return defer(() => {
    const parser = new EventStreamParser();
    return streamed(transport, http, {
      reason: 'the operation answers with events',
      isExpected: isEventStream,
      read: (piece, { status, headers }) =>
        from(parser.push(piece)).pipe(
          map(({ data, ...event }) => ({ body: read({ status, headers, body: data }), status, headers, event })),
        ),
      refuse(head, body) {
        // An error is thrown by reading it; anything else is not what was asked for.
        if (!isSuccess(head)) read({ ...head, body });
        throw noEvents(operation, head, body);
      },
    });
  });
}

/** Emits each piece of a body of bytes as a response of its own. */
export function piecesOf(
  transport: Transport,
  http: HttpRequest,
  read: Read,
): Observable<FullResponse<unknown> | typeof begun> {
  return streamed(transport, http, {
    reason: 'the response is wanted as it comes',
    isExpected: isSuccess,
    read: (piece, { status, headers }) => of({ body: plainBytes(piece), status, headers }),
    refuse(head, body) {
      read({ ...head, body });
      throw noResponse(http);
    },
  });
}

/** Servers answer with JSON where they refuse and yet say 200; apart from that, not all of them name the type. */
function isEventStream(head: HttpHead): boolean {
  return isSuccess(head) && !/^application\/json\b/i.test(head.headers['content-type'] ?? '');
}

function noEvents({ action }: AnyOperation, { status, headers }: HttpHead, body: string): InvalidResponseError {
  const type = headers['content-type'] ?? 'no content type';
  const message = `The answer to ${action}, status ${status}, is no stream of events (${type})`;
  return new InvalidResponseError(message, status, headers, body);
}

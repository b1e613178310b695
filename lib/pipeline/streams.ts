/** Answers that come in pieces: a stream of events, or one of bytes. */
import { defer, from, map, of, type Observable } from 'rxjs';
import { InvalidResponseError } from '../errors.js';
import type { FullResponse } from '../response.js';
import type { AnyOperation } from '../service.js';
import { plainBytes } from '../transport/bytes.js';
import type { HttpHead, HttpRequest, Transport } from '../transport/transport.js';
import { isSuccess } from './decode.js';
import { EventStreamParser } from './event-stream.js';
import { noResponse, type begun, type Reader } from './exchange.js';
import { streamed } from './streamed.js';

/** Emits each event's data as a response of its own. */
export function eventsOf(
  transport: Transport,
  http: HttpRequest,
  operation: AnyOperation,
  { read, accepted, attempts }: Reader,
): Observable<FullResponse<unknown> | typeof begun> {
  return defer(() => {
    const parser = new EventStreamParser();
    return streamed(transport, http, {
      reason: 'the operation answers with events',
      isExpected: isEventStream,
      accepted,
      read: (piece, { status, headers }) =>
        from(parser.push(piece)).pipe(
          map(({ data, ...event }) => ({
            body: read({ status, headers, body: data }),
            status,
            headers,
            attempts,
            event,
          })),
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
  { read, accepted, attempts }: Reader,
): Observable<FullResponse<unknown> | typeof begun> {
  return streamed(transport, http, {
    reason: 'the response is wanted as it comes',
    isExpected: isSuccess,
    accepted,
    read: (piece, { status, headers }) => of({ body: plainBytes(piece), status, headers, attempts }),
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

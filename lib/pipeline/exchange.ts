/** What lies between a signed request and its response: one answer, or a stream of events. */
import { concat, concatMap, defer, EMPTY, from, map, of, take, throwIfEmpty, type Observable } from 'rxjs';
import { ConfigurationError, InvalidResponseError, NetworkError } from '../errors.js';
import type { AnyOperation } from '../service.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../transport/transport.js';
import { EventStreamParser, type ServerSentEvent } from './event-stream.js';
import { isSuccess } from './decode.js';

/** A response with the HTTP facts around it. */
export interface FullResponse<Body> {
  readonly body: Body;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of an operation that answers with events: what the server says of this one. */
  readonly event?: Omit<ServerSentEvent, 'data'> | undefined;
}

/** Told to whoever waits for an answer, when it has begun but there is nothing of it yet. */
export const begun = Symbol('begun');

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

/** Emits `begun` when events can be expected, and then each event's data as a response of its own. */
export function eventsOf(
  transport: Transport,
  http: HttpRequest,
  operation: AnyOperation,
  read: Read,
): Observable<FullResponse<unknown> | typeof begun> {
  return defer(() => {
    const parser = new EventStreamParser();
    const decoder = new TextDecoder();
    let head: HttpHead | undefined;
    let rest = '';
    const events$ = requireStream(transport)(http).pipe(
      concatMap((part) => {
        if (!(part instanceof Uint8Array)) {
          head = part;
          return isEventStream(head) ? of(begun) : EMPTY;
        }
        const { status = 0, headers = {} } = head ?? {};
        if (head === undefined || !isEventStream(head)) {
          rest += decoder.decode(part, { stream: true });
          return EMPTY;
        }
        return from(parser.push(part)).pipe(
          map(({ data, ...event }) => ({ body: read({ status, headers, body: data }), status, headers, event })),
        );
      }),
    );
    const end$ = defer(() => {
      if (head === undefined) throw noResponse(http);
      if (isEventStream(head)) return EMPTY;
      // An error is thrown by reading it; anything else is not what was asked for.
      const body = rest + decoder.decode();
      if (!isSuccess(head)) read({ ...head, body });
      throw noEvents(operation, head, body);
    });
    return concat(events$, end$);
  });
}

function requireStream(transport: Transport): NonNullable<Transport['stream']> {
  if (transport.stream !== undefined) return (request) => transport.stream?.(request) ?? EMPTY;
  throw new ConfigurationError({
    path: 'transport',
    expected: 'an object with a method `stream`, as the operation answers with events',
    received: 'one without',
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

function noResponse({ url }: HttpRequest): NetworkError {
  return new NetworkError('The transport completed without a response', new URL(url).origin);
}

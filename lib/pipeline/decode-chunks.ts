/** Answers that come as they are made: a stream of events, or one of bytes. */
import { concat, concatMap, defer, EMPTY, from, map, of, takeWhile, type Observable } from 'rxjs';
import { InvalidResponseError, type AlicloudError } from '../errors.js';
import type { FullResponse, HttpEvent, ResponseHead, ServerSentEvent } from '../http-event.js';
import { isSuccess } from '../codec/decode.js';
import { EventStreamParser } from '../codec/event-stream.js';
import { serverErrorOf } from '../codec/server-error.js';
import { masked } from '../masking/mask-answer.js';
import { tooLong } from '../platform/too-long.js';
import type { AnyOperation } from '../service.js';
import { plainBytes } from '../transport/bytes.js';
import { originOf } from '../platform/origin-of.js';
import type { HttpHead, HttpRequest, HttpResponse } from '../transport/transport.js';
import { secretsOf } from './attempt-secrets.js';
import type { CallContext } from './call-context.js';
import { isForeignAnswer, refusedAnswer } from './foreign-answer.js';
import { rawAnswerOf } from './raw-answer.js';
import type { Handler } from './stage.js';

export interface ChunkReader {
  /** Told of the head of an answer that is the operation's. */
  readonly accept: (head: ResponseHead) => void;
  /** Makes of an answer, or of one event's data, what it amounts to; throws where it is not the operation's. */
  readonly decode: (answer: HttpResponse) => unknown;
}

/** Passes the head on, and then a chunk for each event or each piece. An answer that was not asked for is read whole. */
export function decodeChunks(next: Handler, call: CallContext, { accept, decode }: ChunkReader): Observable<HttpEvent> {
  const { operation, attempt } = call;
  const isExpected = (head: HttpHead): boolean =>
    (operation.responseType === 'events' ? isEventStream(head) : isSuccess(head)) && !isForeignAnswer(call, head);

  return defer(() => {
    const { request } = attempt;
    const check = call.settings.gateway === undefined ? undefined : checkEventOf(call);
    const chunks: Chunks =
      operation.responseType === 'events' ? new EventChunks(operation, request, decode, check) : bytes;
    const text = new TextDecoder();
    let head: ResponseHead | undefined;
    let last: FullResponse<unknown> | undefined;
    let unexpected = '';
    let length = 0;

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
        const piece = event.body instanceof Uint8Array ? event.body : new TextEncoder().encode(rawAnswerOf(event).body);
        if (isExpected(head)) return chunks.push((last = event), piece);
        checkSize(request, (length += piece.length));
        unexpected += text.decode(piece, { stream: true });
        return EMPTY;
      }),
    );
    const end$ = defer(() => {
      if (head === undefined) return EMPTY;
      if (isExpected(head)) return last === undefined ? EMPTY : chunks.end(last);
      const body = unexpected + text.decode();
      // An error is thrown by reading it; anything else is not what was asked for.
      if (!isSuccess(head)) decode({ ...head, body });
      if (isForeignAnswer(call, head)) throw refusedAnswer(call, { ...head, body });
      throw noEvents(operation, masked({ ...head, body }, secretsOf(attempt)));
    });
    return concat(events$, end$).pipe(takeWhile((event) => event !== done));
  });
}

/** Makes chunks of the pieces of a body. */
interface Chunks {
  push(event: FullResponse<unknown>, piece: Uint8Array): Observable<HttpEvent>;
  /** The body has come to its end. */
  end(last: FullResponse<unknown>): Observable<HttpEvent>;
}

const bytes: Chunks = {
  push: (event, piece) => of({ ...event, kind: 'chunk', body: plainBytes(piece) }),
  end: () => EMPTY,
};

/** What many services send behind the last event, where the data of an event is JSON. */
const doneMark = '[DONE]';
const done: HttpEvent = { kind: 'head', status: 0, headers: {} };

/** One for each event's data. A stream may have no end, and one event no more than `maxResponseSize`. */
class EventChunks implements Chunks {
  private readonly parser = new EventStreamParser();
  private readonly isText: boolean;

  constructor(
    { response }: AnyOperation,
    private readonly request: HttpRequest,
    private readonly decode: ChunkReader['decode'],
    /** Throws where an event is an error. */
    private readonly check: ((event: ServerSentEvent, head: HttpHead) => void) | undefined,
  ) {
    this.isText = response === 's';
  }

  push(event: FullResponse<unknown>, piece: Uint8Array): Observable<HttpEvent> {
    return this.chunksOf(this.parser.push(piece), event);
  }

  end(last: FullResponse<unknown>): Observable<HttpEvent> {
    return this.chunksOf(this.parser.end(), last);
  }

  private chunksOf(
    events: readonly ServerSentEvent[],
    { status, headers, attempts }: FullResponse<unknown>,
  ): Observable<HttpEvent> {
    return from(this.checked(events)).pipe(
      map((received): HttpEvent => {
        this.check?.(received, { status, headers });
        const { data, ...event } = received;
        if (!this.isText && data.trim() === doneMark) return done;
        const body = this.decode({ status, headers, body: data });
        return { kind: 'chunk', body, status, headers, attempts, event };
      }),
    );
  }

  private *checked(events: readonly ServerSentEvent[]): Generator<ServerSentEvent> {
    for (const event of events) {
      checkSize(this.request, event.data.length);
      // There is no JSON without a character: it only keeps the connection open.
      if (this.isText || event.data.trim() !== '') yield event;
    }
    checkSize(this.request, this.parser.pending);
  }
}

/** What a gateway says that has answered with a stream already, and can't go on. */
function checkEventOf({ operation, attempt }: CallContext) {
  return ({ type, data }: ServerSentEvent, head: HttpHead): void => {
    // A service may have events of that name, which are passed on as others.
    if (type !== 'error' || !data.startsWith('{"Code":')) return;
    throw serverErrorOf(operation.action, { ...head, body: data }, secretsOf(attempt));
  };
}

function checkSize({ url, maxResponseSize = 0 }: HttpRequest, length: number): void {
  if (maxResponseSize > 0 && length > maxResponseSize) throw tooLong(originOf(url), maxResponseSize);
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

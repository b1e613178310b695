/** An answer whose body is passed on as it comes, and which is read whole where it is not what was asked for. */
import { concat, concatMap, defer, EMPTY, of, type Observable } from 'rxjs';
import { ConfigurationError, NetworkError } from '../errors.js';
import type { HttpHead, HttpRequest, Transport } from '../transport/transport.js';

/** Told to whoever waits for an answer, when it has begun but there is nothing of it yet. */
export const begun = Symbol('begun');

export interface StreamedAnswer<T> {
  /** What needs a transport that streams: `the operation answers with events`. */
  readonly reason: string;
  /** Whether what was asked for follows. */
  readonly isExpected: (head: HttpHead) => boolean;
  /** What a piece of it is made into. */
  readonly read: (piece: Uint8Array, head: HttpHead) => Observable<T>;
  /** Throws what any other answer amounts to. */
  readonly refuse: (head: HttpHead, body: string) => never;
}

/** Emits `begun` when what was asked for follows, and then what its pieces are made into. */
export function streamed<T>(
  transport: Transport,
  http: HttpRequest,
  { reason, isExpected, read, refuse }: StreamedAnswer<T>,
): Observable<T | typeof begun> {
  return defer(() => {
    const decoder = new TextDecoder();
    let head: HttpHead | undefined;
    let rest = '';
    const pieces$ = requireStream(
      transport,
      reason,
    )(http).pipe(
      concatMap((part) => {
        if (!(part instanceof Uint8Array)) {
          head = part;
          return isExpected(head) ? of(begun) : EMPTY;
        }
        if (head !== undefined && isExpected(head)) return read(part, head);
        rest += decoder.decode(part, { stream: true });
        return EMPTY;
      }),
    );
    const end$ = defer(() => {
      if (head === undefined) throw noResponse(http);
      return isExpected(head) ? EMPTY : refuse(head, rest + decoder.decode());
    });
    return concat(pieces$, end$);
  });
}

export function noResponse({ url }: HttpRequest): NetworkError {
  return new NetworkError('The transport completed without a response', new URL(url).origin);
}

function requireStream(transport: Transport, reason: string): NonNullable<Transport['stream']> {
  if (transport.stream !== undefined) return (request) => transport.stream?.(request) ?? EMPTY;
  throw new ConfigurationError({
    path: 'transport',
    expected: `an object with a method \`stream\`, as ${reason}`,
    received: 'one without',
  });
}

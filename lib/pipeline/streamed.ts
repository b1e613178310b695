/** An answer whose body is passed on as it comes, and which is read whole where it is not what was asked for. */
import { concat, concatMap, defer, EMPTY, of, type Observable } from 'rxjs';
import { ConfigurationError } from '../errors.js';
import type { HttpHead, HttpRequest, Transport } from '../transport/transport.js';
import { begun, noResponse } from './exchange.js';

export interface StreamedAnswer<T> {
  /** What needs a transport that streams: `the operation answers with events`. */
  readonly reason: string;
  /** Whether what was asked for follows. */
  readonly isExpected: (head: HttpHead) => boolean;
  /** Told when it does. */
  readonly accepted: (head: HttpHead) => void;
  /** What a piece of it is made into. */
  readonly read: (piece: Uint8Array, head: HttpHead) => Observable<T>;
  /** Throws what any other answer amounts to. */
  readonly refuse: (head: HttpHead, body: string) => never;
}

/** Emits `begun` when what was asked for follows, and then what its pieces are made into. */
export function streamed<T>(
  transport: Transport,
  http: HttpRequest,
  { reason, isExpected, accepted, read, refuse }: StreamedAnswer<T>,
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
          if (!isExpected(head)) return EMPTY;
          accepted(head);
          return of(begun);
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

function requireStream(transport: Transport, reason: string): NonNullable<Transport['stream']> {
  if (transport.stream !== undefined) return (request) => transport.stream?.(request) ?? EMPTY;
  throw new ConfigurationError({
    path: 'transport',
    expected: `an object with a method \`stream\`, as ${reason}`,
    received: 'one without',
  });
}

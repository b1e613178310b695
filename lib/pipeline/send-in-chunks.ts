import { concat, defer, EMPTY, map, type Observable } from 'rxjs';
import { ConfigurationError } from '../errors.js';
import type { HttpEvent } from '../http-event.js';
import type { HttpRequest, Transport } from '../transport/transport.js';
import type { CallContext } from './call-context.js';
import { inContextOf } from './in-context-of.js';
import { noResponse } from './no-response.js';

/** The head of the answer, and then what comes of its body. */
export function sendInChunks(transport: Transport, request: HttpRequest, call: CallContext): Observable<HttpEvent> {
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

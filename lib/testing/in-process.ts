/** The emulator as a transport: the same requests and answers as over a socket, without one. */
import {
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  map,
  of,
  switchMap,
  take,
  takeUntil,
  tap,
  throwError,
  timeout,
  timer,
  toArray,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import { NetworkError, TimeoutError } from '../errors.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../transport/transport.js';
import type { RequestHandler } from './request-handler.js';
import { slowPieces, type Reply, type WireRequest } from './wire.js';

/** What `closing` emits ends the requests that are in flight. */
export function createTransport(handle: RequestHandler, closing: Observable<unknown>): Transport {
  const closed = (request: HttpRequest): Observable<never> =>
    closing.pipe(
      switchMap(() => throwError(() => broken('The emulator was closed while the request was in flight', request))),
    );
  return {
    send: (request) =>
      answer(handle, request).pipe(
        switchMap((reply) => whole(reply, request)),
        takeUntil(closed(request)),
      ),
    stream: (request) =>
      answer(handle, request).pipe(
        switchMap((reply) => inPieces(reply, request).pipe(withoutSilence(request))),
        takeUntil(closed(request)),
      ),
  };
}

export function toWire({ method, url, headers, body }: HttpRequest): WireRequest {
  const start = url.indexOf('//') + 2;
  const end = url.slice(start).search(/[/?#]|$/) + start;
  const target = url.slice(end).replace(/#.*/s, '');
  return {
    method,
    target: target.startsWith('/') ? target : `/${target}`,
    headers: { ...headers, host: url.slice(start, end) },
    body: body ?? '',
  };
}

/** The body of a request is sent as soon as there is an answer. */
function answer(handle: RequestHandler, request: HttpRequest): Observable<Reply> {
  const { body = '' } = request;
  return defer(() => handle(toWire(request))).pipe(
    tap(() => request.onUploaded?.(typeof body === 'string' ? encode(body).length : body.length)),
    switchMap((reply) => deliver(reply, request)),
    withoutSilence(request),
    filter((reply) => reply !== undefined),
  );
}

/** The reply when it comes, or the error that comes in its place; `undefined` for each sign of life before. */
function deliver(reply: Reply, request: HttpRequest): Observable<Reply | undefined> {
  switch (reply.delivery?.kind) {
    case undefined:
    // There is no connection.
    case 'close':
      return of(reply);
    case 'late':
      return timer(reply.delivery.duration).pipe(map(() => reply));
    case 'slow': {
      const gap = reply.delivery.duration / slowPieces;
      // The head comes at once.
      return timer(0, gap).pipe(
        take(slowPieces + 1),
        map((piece) => (piece === slowPieces ? reply : undefined)),
      );
    }
    case 'cut':
      return throwError(() => broken('The connection broke in the middle of the answer', request));
    case 'reset':
      return throwError(() => broken('The connection was reset before an answer came', request));
  }
}

function whole({ status, headers, body, more = EMPTY }: Reply, request: HttpRequest): Observable<HttpResponse> {
  const isBytes = request.responseType === 'bytes';
  return concat(of(body), more).pipe(
    toArray(),
    map((parts) => {
      if (!isBytes) return { status, headers, body: parts.map(textOf).join('') };
      // Only a body that is sent at once is ever one of bytes.
      return { status, headers, body: '', bytes: encode(parts[0] ?? '') };
    }),
    cutOff(request),
  );
}

function inPieces(
  { status, headers, body, more = EMPTY }: Reply,
  request: HttpRequest,
): Observable<HttpHead | Uint8Array> {
  const pieces = concat(body.length === 0 ? EMPTY : of(body), more).pipe(map(encode), cutOff(request));
  return concat(of({ status, headers }), pieces);
}

/** An error where nothing comes for as long as the request's `readTimeout`. */
function withoutSilence({ readTimeout = 0, url }: HttpRequest): <T>(source: Observable<T>) => Observable<T> {
  if (readTimeout === 0) return (source) => source;
  const facts = { phase: 'read', timeout: readTimeout, origin: new URL(url).origin } as const;
  return (source) => source.pipe(timeout({ each: readTimeout, with: () => throwError(() => new TimeoutError(facts)) }));
}

function encode(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}

function textOf(data: string | Uint8Array): string {
  return typeof data === 'string' ? data : new TextDecoder().decode(data);
}

function cutOff<T>(request: HttpRequest): MonoTypeOperatorFunction<T> {
  return catchError(() => throwError(() => broken('The connection broke in the middle of the answer', request)));
}

/** As the error of a socket is: a client may try again. */
function broken(message: string, { url }: HttpRequest): NetworkError {
  const cause = Object.assign(new Error(message), { code: 'ECONNRESET' });
  return new NetworkError(message, new URL(url).origin, 'ECONNRESET', { cause });
}

import {
  HttpContext,
  HttpErrorResponse,
  HttpEventType,
  HttpHeaders,
  HttpRequest as AngularRequest,
  type HttpClient,
  type HttpResponse as AngularResponse,
  type HttpResponseBase,
} from '@angular/common/http';
import {
  catchError,
  concat,
  defer,
  EMPTY,
  filter,
  map,
  mergeMap,
  of,
  tap,
  throwError,
  timeout,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import { networkFailure } from '#platform';
import { TimeoutError } from '../errors.js';
import { tooLong } from '../platform/too-long.js';
import { longestTimeout } from '../schema/options.js';
import { isArrayBuffer } from '../transport/bytes.js';
import { systemCodeOf } from '../transport/system-code.js';
import { originOf } from '../platform/origin-of.js';
import type { HttpHead, HttpRequest, HttpResponse, Transport } from '../transport/transport.js';
import { ALICLOUD_CALL } from './alicloud-call.js';
import { fetchInPieces } from './fetch-in-pieces.js';

export interface HttpClientTransportOptions {
  /** The app's own, such as `https://app.example`: of what is sent to a path. @default none */
  readonly origin?: string | undefined;
}

/**
 * A transport over Angular's `HttpClient`: the app's interceptors see each request, with the call in its `HttpContext`, and
 * a server that renders waits for it. Events come by the text of the answer so far. Bytes as they come, which `HttpClient`
 * has no way for, are read by `fetch`: no interceptor sees those.
 */
export function httpClientTransport(
  http: HttpClient,
  { origin = '' }: HttpClientTransportOptions = {},
): Required<Pick<Transport, 'send' | 'stream'>> {
  return {
    send: (request) => sendWhole(http, request, origin),
    stream: (request) =>
      request.responseType === 'bytes' ? fetchInPieces(request, origin) : sendAsText(http, request, origin),
  };
}

function sendWhole(http: HttpClient, request: HttpRequest, origin: string): Observable<HttpResponse> {
  return defer(() => http.request<unknown>(angularRequestOf(request, request.onUploaded !== undefined))).pipe(
    withoutSilence(request, origin),
    tap((event) => {
      if (event.type === HttpEventType.UploadProgress) request.onUploaded?.(event.loaded);
    }),
    filter((event) => event.type === HttpEventType.Response),
    answerOf(request, origin),
    map((answer) => responseOf(answer, request, origin)),
  );
}

/** The text of the answer so far comes with each progress; what is new of it is passed on. */
function sendAsText(http: HttpClient, request: HttpRequest, origin: string): Observable<HttpHead | Uint8Array> {
  return defer(() => {
    let hasHead = false;
    let length = 0;
    const head = (answer: HttpResponseBase): Observable<HttpHead> => {
      if (hasHead) return EMPTY;
      hasHead = true;
      return of(headOf(answer, peerOf(request.url, origin)));
    };
    const rest = (text: string): Observable<Uint8Array> => {
      const piece = text.slice(length);
      length = text.length;
      return piece === '' ? EMPTY : of(new TextEncoder().encode(piece));
    };
    return http.request<unknown>(angularRequestOf(request, true)).pipe(
      withoutSilence(request, origin),
      answerOf(request, origin),
      mergeMap((event): Observable<HttpHead | Uint8Array> => {
        if (event instanceof HttpErrorResponse) return concat(head(event), rest(textOf(event.error)));
        switch (event.type) {
          case HttpEventType.ResponseHeader:
            return head(event);
          case HttpEventType.DownloadProgress:
            return rest('partialText' in event ? (event.partialText ?? '') : '');
          case HttpEventType.Response:
            return concat(head(event), rest(textOf(event.body)));
          default:
            return EMPTY;
        }
      }),
    );
  });
}

/** An answer whose status is an error's comes as one; where none came, it is the network's. */
function answerOf(
  { url }: HttpRequest,
  origin: string,
): <T>(events: Observable<T>) => Observable<T | HttpErrorResponse> {
  return catchError((error: unknown) => {
    if (!(error instanceof HttpErrorResponse)) return throwError(() => error);
    if (error.status > 0) return of(error);
    // `XMLHttpRequest` says no more than that it failed.
    const cause: unknown = 'message' in Object(error.error) ? error.error : new Error('no answer came');
    return throwError(() => networkFailure({ origin: peerOf(url, origin) }, codeOf(cause) ?? 'ERR_NETWORK', cause));
  });
}

/** Of Node's own errors, which are the cause of those of its `fetch`. */
function codeOf(error: unknown): string | undefined {
  const { cause } = Object(error) as { readonly cause?: unknown };
  return systemCodeOf(error) ?? (cause === undefined ? undefined : codeOf(cause));
}

/** One limit for both, as `HttpClient` does not say when there is a connection. Each event begins it anew. */
function withoutSilence<T>(
  { url, connectTimeout = 0, readTimeout = 0 }: HttpRequest,
  origin: string,
): MonoTypeOperatorFunction<T> {
  if (connectTimeout === 0 || readTimeout === 0) return (events) => events;
  const each = Math.min(connectTimeout + readTimeout, longestTimeout);
  const facts = { phase: 'read', timeout: each, origin: peerOf(url, origin) } as const;
  return timeout({ each, with: () => throwError(() => new TimeoutError(facts)) });
}

function angularRequestOf(request: HttpRequest, reportProgress: boolean): AngularRequest<unknown> {
  const { method, url, headers, body, responseType = 'text', call, attemptId } = request;
  const context = new HttpContext();
  if (call !== undefined) context.set(ALICLOUD_CALL, { ...call, attemptId });
  return new AngularRequest<unknown>(method, url, body === undefined ? null : sendable(body), {
    headers: new HttpHeaders({ ...headers }),
    context,
    responseType: responseType === 'bytes' ? 'arraybuffer' : 'text',
    reportProgress,
    // What a page is rendered from is carried over by call: see `hydration.ts`.
    transferCache: false,
  });
}

/** Angular would write a view of a buffer as JSON. */
function sendable(body: string | Uint8Array): string | ArrayBuffer {
  if (typeof body === 'string') return body;
  const { buffer, byteOffset, byteLength } = body;
  const isWhole = buffer instanceof ArrayBuffer && byteLength === buffer.byteLength;
  return isWhole ? buffer : (buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

type Answer = HttpErrorResponse | AngularResponse<unknown>;

function responseOf(
  answer: Answer,
  { url, responseType = 'text', maxResponseSize = 0 }: HttpRequest,
  origin: string,
): HttpResponse {
  const content = answer instanceof HttpErrorResponse ? (answer.error as unknown) : answer.body;
  const head = headOf(answer, peerOf(url, origin));
  const response =
    responseType === 'bytes' ? { ...head, body: '', bytes: bytesOf(content) } : { ...head, body: textOf(content) };
  const length = 'bytes' in response ? response.bytes.length : response.body.length;
  if (maxResponseSize > 0 && length > maxResponseSize) throw tooLong(peerOf(url, origin), maxResponseSize);
  return response;
}

/** A page of somebody else's, such as one to log in, is no answer of the gateway's. */
function headOf(
  { status, headers, redirected }: HttpResponseBase & { readonly redirected?: boolean | undefined },
  origin: string,
): HttpHead {
  if (redirected === true) {
    throw networkFailure(
      { origin },
      'ERR_REDIRECT',
      'it redirects elsewhere, which is not followed: check the endpoint',
    );
  }
  // In development, Angular warns of each header that is asked for by name and was not carried over.
  const names = headers.keys();
  return {
    status,
    headers: Object.fromEntries(names.map((name) => [name.toLowerCase(), (headers.getAll(name) ?? []).join(', ')])),
  };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return isArrayBuffer(content) ? new TextDecoder().decode(content) : '';
}

function bytesOf(content: unknown): Uint8Array {
  if (isArrayBuffer(content)) return new Uint8Array(content);
  return new TextEncoder().encode(textOf(content));
}

/** With whom a request failed. */
function peerOf(url: string, origin: string): string {
  return url.startsWith('/') ? origin : originOf(url);
}

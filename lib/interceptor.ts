/** What stands around a call, or around each of its attempts. */
import type { Observable } from 'rxjs';
import type { CallOptions } from './call-options.js';
import type { HttpEvent } from './http-event.js';
import type { AnyOperation } from './service.js';
import type { HttpRequest } from './transport/transport.js';

/** A call as an interceptor sees it: nothing of it is checked or encoded. */
export interface CallRequest {
  readonly operation: AnyOperation;
  readonly request: unknown;
  readonly options: CallOptions | undefined;
}

/** Makes a call: cold, as the calls of a client are. */
export type CallHandler = (call: CallRequest) => Observable<HttpEvent>;

/**
 * Stands around each call, outside of the queue and of all attempts. It may change the call, answer it, make it again,
 * or look on. It sees all that becomes of the call, whatever its caller observes: the progress of uploads, and then the
 * `response`, or the `head` and each `chunk` of an answer that comes in pieces, with bodies decoded.
 *
 * @example
 * const timed: CallInterceptor = (next) => (call) => {
 *   const begun = performance.now();
 *   return next(call).pipe(
 *     tap((event) => {
 *       if (event.kind === 'uploadProgress') console.log(event.field, event.loaded, event.total);
 *       else console.log(event.kind, event.status);
 *     }),
 *     finalize(() => console.log(call.operation.action, performance.now() - begun)),
 *   );
 * };
 */
export type CallInterceptor = (next: CallHandler, client?: InterceptedClient) => CallHandler;

/** The client that makes a call, which gives it to its interceptors: the same object for all of its calls, by which they tell clients apart. */
export interface InterceptedClient {
  readonly regionId: string | undefined;
}

/** A signed request, about to be sent. */
export interface AttemptRequest {
  readonly http: HttpRequest;
  readonly operation: AnyOperation;
  /** From 1 on. */
  readonly attempt: number;
  /** The call that it is an attempt of, as the last of the call's interceptors has passed it on. */
  readonly call: CallRequest;
}

/**
 * Sends a request: cold. It emits a `response`, or the `head` and each `chunk` of an answer that comes in pieces, whose bodies
 * are as they came: text, or bytes where those were asked for and in chunks.
 */
export type AttemptHandler = (request: AttemptRequest) => Observable<HttpEvent>;

/**
 * Stands around each attempt, nearest to the wire, those of the requests that upload files included. What is signed can't be changed any more: the method, the URL, the
 * body, and the headers `x-acs-…`, `host` and `content-type`; other headers can.
 *
 * @example
 * const tagged: AttemptInterceptor = (next) => (request) => {
 *   const { http } = request;
 *   return next({ ...request, http: { ...http, headers: { ...http.headers, 'x-trace': crypto.randomUUID() } } });
 * };
 */
export type AttemptInterceptor = (next: AttemptHandler) => AttemptHandler;

/** What stands around a call, or around each of its attempts. */
import type { Observable } from 'rxjs';
import type { CallOptions } from './call-options.js';
import type { FullResponse } from './response.js';
import { checkOption, ofType } from './schema/options.js';
import type { AnyOperation } from './service.js';
import type { HttpRequest, HttpResponse } from './transport/transport.js';

/** A call as an interceptor sees it: nothing of it is checked or encoded. */
export interface CallRequest {
  readonly operation: AnyOperation;
  readonly request: unknown;
  readonly options: CallOptions | undefined;
}

/** Makes a call: cold, as the calls of a client are. */
export type CallHandler = (call: CallRequest) => Observable<FullResponse<unknown>>;

/**
 * Stands around each call, outside of the queue and of all attempts. It may change the call, answer it, make it again,
 * or look on.
 *
 * @example
 * const timed: CallInterceptor = (next) => (call) => {
 *   const begun = performance.now();
 *   return next(call).pipe(finalize(() => console.log(call.operation.action, performance.now() - begun)));
 * };
 */
export type CallInterceptor = (next: CallHandler) => CallHandler;

/** A signed request, about to be sent. */
export interface AttemptRequest {
  readonly http: HttpRequest;
  readonly operation: AnyOperation;
  /** From 1 on. */
  readonly attempt: number;
  /** The call that it is an attempt of, as the last of the call's interceptors has passed it on. */
  readonly call: CallRequest;
}

/** Sends a request: cold. */
export type AttemptHandler = (request: AttemptRequest) => Observable<HttpResponse>;

/**
 * Stands around each attempt, nearest to the wire. What is signed can't be changed any more: the method, the URL, the
 * body, and the headers `x-acs-…`, `host` and `content-type`; other headers can. Answers that are wanted as a stream
 * pass it by.
 */
export type AttemptInterceptor = (next: AttemptHandler) => AttemptHandler;

/** The first of them is the outermost. Throws where one gives no handler. */
export function compose<Handler>(interceptors: readonly ((next: Handler) => Handler)[], last: Handler): Handler {
  return interceptors.reduceRight((next, interceptor, index) => {
    const handler = interceptor(next);
    checkOption(`interceptors[${index}](…)`, handler, ofType('function'));
    return handler;
  }, last);
}

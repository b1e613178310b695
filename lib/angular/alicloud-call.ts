import { HttpContextToken } from '@angular/common/http';
import type { AnyOperation } from '../service.js';

/** The call that a request of Angular's `HttpClient` is made for. */
export interface AlicloudCall {
  readonly operation: AnyOperation;
  readonly request: unknown;
  /** The same where an attempt is repeated because no answer came. */
  readonly attemptId: string | undefined;
}

/**
 * In the `HttpContext` of each request that is made for a call, so that the app's interceptors tell calls from its other
 * requests; `undefined` in those.
 *
 * @example
 * const named: HttpInterceptorFn = (request, next) => {
 *   const call = request.context.get(ALICLOUD_CALL);
 *   return next(call === undefined ? request : request.clone({ setHeaders: { 'x-action': call.operation.action } }));
 * };
 */
export const ALICLOUD_CALL: HttpContextToken<AlicloudCall | undefined> = /* @__PURE__ */ new HttpContextToken<
  AlicloudCall | undefined
>(() => undefined);

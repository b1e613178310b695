/** What the server has read for a page goes with it, so that the browser does not read it again. */
import { isPlatformServer } from '@angular/common';
import { inject, InjectionToken, makeStateKey, PLATFORM_ID, TransferState, type StateKey } from '@angular/core';
import { defer, of, tap } from 'rxjs';
import type { FullResponse } from '../http-event.js';
import type { CallInterceptor, CallRequest } from '../interceptor.js';
import { isRead } from '../retry/is-read.js';
import { parseJson, stringifyJson } from '../schema/json.js';

/** Whether the page is still being hydrated: until the app is stable for the first time. */
export interface Hydration {
  isActive: boolean;
}

export const HYDRATION: InjectionToken<Hydration> = /* @__PURE__ */ new InjectionToken<Hydration>(
  'rx-alicloud hydration',
);

/**
 * Angular's own cache of `HttpClient` keeps no answer that says `no-store`, as those of a gateway do, nor those to requests
 * with cookies. The rendered page shows the answer anyway, so that only its reader can have it.
 */
export function carryReadsOver(): CallInterceptor {
  const state = inject(TransferState);
  const hydration = inject(HYDRATION);
  const isServer = isPlatformServer(inject(PLATFORM_ID));
  return (next, client) => (call) => {
    const key = isRead(call.operation) ? keyOf(call, client?.regionId) : undefined;
    if (key === undefined) return next(call);
    if (isServer) {
      return next(call).pipe(
        tap((event) => {
          if (event.kind === 'response' && !(event.body instanceof Uint8Array)) state.set(key, written(event));
        }),
      );
    }
    return defer(() => {
      const kept = hydration.isActive ? state.get(key, undefined) : undefined;
      return kept === undefined ? next(call) : of(parseJson(kept) as FullResponse<unknown>);
    });
  };
}

/** Those that the server's answer passes on to the browser: no cookie. */
const kept = ['content-type', 'x-acs-request-id'];

/** With all digits, and with the attempts as they were. */
function written({ headers, ...response }: FullResponse<unknown>): string {
  const some = Object.entries(headers).filter(([name]) => kept.includes(name));
  return stringifyJson({ ...response, headers: Object.fromEntries(some) }) ?? '';
}

function keyOf(
  { operation, request, options }: CallRequest,
  regionId: string | undefined,
): StateKey<string | undefined> | undefined {
  const { product, version } = operation.service;
  const parts = [product, version, operation.action, options?.regionId ?? regionId, request];
  try {
    return makeStateKey(`rx-alicloud ${stringifyJson(parts)}`);
  } catch {
    // What is no JSON is said by the call.
    return undefined;
  }
}

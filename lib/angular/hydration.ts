/** A server that renders waits for calls, and what it has read goes with the page, so that the browser does not read it again. */
import { isPlatformServer } from '@angular/common';
import {
  inject,
  InjectionToken,
  makeStateKey,
  PendingTasks,
  PLATFORM_ID,
  TransferState,
  type StateKey,
} from '@angular/core';
import { defer, finalize, of, tap } from 'rxjs';
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
 * A call holds up the end of rendering, whatever carries it and whoever subscribes to it: `toSignal(call)`, too.
 *
 * Angular's own cache of `HttpClient` keeps no answer that says `no-store`, as those of a gateway do, nor those to requests
 * with cookies. The rendered page shows the answer anyway, so that only its reader can have it.
 */
export function waitAndCarryOver(): CallInterceptor {
  const state = inject(TransferState);
  const hydration = inject(HYDRATION);
  const tasks = inject(PendingTasks);
  const isServer = isPlatformServer(inject(PLATFORM_ID));
  return (next, client) => (call) => {
    // Nobody knows when a stream of events ends, if ever.
    if (call.operation.responseType === 'events') return next(call);
    // Bytes are no part of a key: to write those of an upload as JSON keeps a page busy for seconds.
    const isCarried = isRead(call.operation) && call.operation.bodyType !== 'bytes' && (isServer || hydration.isActive);
    const key = isCarried ? keyOf(call, client?.regionId) : undefined;
    if (isServer) {
      return defer(() => {
        const done = tasks.add();
        return next(call).pipe(
          tap((event) => {
            if (key === undefined || event.kind !== 'response' || event.body instanceof Uint8Array) return;
            state.set(key, written(event));
          }),
          finalize(done),
        );
      });
    }
    if (key === undefined) return next(call);
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

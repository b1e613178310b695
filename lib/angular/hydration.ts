/** A server that renders waits for calls, and what it has read goes with the page, so that the browser does not read it again. */
import { isPlatformServer } from '@angular/common';
import {
  ApplicationRef,
  EnvironmentInjector,
  inject,
  InjectionToken,
  makeStateKey,
  PendingTasks,
  PLATFORM_ID,
  TransferState,
  type StateKey,
} from '@angular/core';
import { defer, filter, finalize, of, take, tap } from 'rxjs';
import { secretsInAnswer } from '../gateway/secret-answers.js';
import type { FullResponse } from '../http-event.js';
import type { CallInterceptor, CallRequest } from '../interceptor.js';
import { isRead } from '../retry/is-read.js';
import { parseJson, stringifyJson } from '../schema/json.js';
import { isPlainJson } from './is-plain-json.js';

/** Whether the page is still being hydrated: until the app is stable for the first time. */
export interface Hydration {
  isActive: boolean;
}

/** One of the app, whichever of its routes has clients of its own: a page is hydrated once. */
export const HYDRATION: InjectionToken<Hydration> = /* @__PURE__ */ new InjectionToken<Hydration>(
  'rx-alicloud hydration',
  {
    providedIn: 'root',
    factory: () => {
      const hydration = { isActive: true };
      const app = inject(ApplicationRef);
      // Before there is a component, an app with nothing to do is stable, too.
      app.isStable
        .pipe(
          filter((isStable) => isStable && app.components.length > 0),
          take(1),
        )
        .subscribe(() => (hydration.isActive = false));
      return hydration;
    },
  },
);

/** An answer as JSON, and how many calls of the server's it stands for: so many of the browser's take it. */
type Carried = readonly [times: number, answer: string];

/**
 * A call holds up the end of rendering, whatever carries it and whoever subscribes to it: `toSignal(call)`, too.
 *
 * Angular's own cache of `HttpClient` keeps no answer that says `no-store`, as those of a gateway do, nor those to requests
 * with cookies. Here they are carried over, as a page that shows them is its reader's alone.
 */
export function waitAndCarryOver(gateway: string | undefined): CallInterceptor {
  const state = inject(TransferState);
  const hydration = inject(HYDRATION);
  const tasks = inject(PendingTasks);
  const isServer = isPlatformServer(inject(PLATFORM_ID));
  // The app's own are the same on both sides, though a server may reach the gateway at another address. Those of a route
  // may have another account's.
  const isOfApp = inject(EnvironmentInjector) === inject(ApplicationRef).injector;
  const way = isOfApp ? '' : gateway;
  return (next, client) => (call) => {
    // Nobody knows when a stream of events ends, if ever.
    if (call.operation.responseType === 'events') return next(call);
    const isCarried =
      way !== undefined &&
      isRead(call.operation) &&
      hasNoMore(call) &&
      (isServer ? !hasSecrets(call) : hydration.isActive);
    const key = isCarried ? keyOf(call, way, client?.regionId) : undefined;
    if (isServer) {
      return defer(() => {
        const done = tasks.add();
        return next(call).pipe(
          tap((event) => {
            if (key === undefined || event.kind !== 'response' || event.body instanceof Uint8Array) return;
            const [times] = state.get(key, none);
            state.set(key, [times + 1, written(event)]);
          }),
          finalize(done),
        );
      });
    }
    if (key === undefined) return next(call);
    return defer(() => {
      const [times, answer] = hydration.isActive ? state.get(key, none) : none;
      if (times === 0) return next(call);
      // A poll or a reload that follows wants to know what is the case now, however long it takes until the app is stable.
      state.set(key, [times - 1, answer]);
      return of(parseJson(answer) as FullResponse<unknown>);
    });
  };
}

const none: Carried = [0, ''];

/** What is asked of others, or with more than the request, is no part of the key. */
function hasNoMore({ options }: CallRequest): boolean {
  const { credentials, endpoint, headers, query } = Object(options) as NonNullable<CallRequest['options']>;
  return [credentials, endpoint, headers, query].every((each) => each === undefined);
}

/** Pages are kept, by caches and by browsers, and have no need of fields that they do not show. */
function hasSecrets({ operation }: CallRequest): boolean {
  return secretsInAnswer(operation).length > 0;
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
  way: string,
  regionId: string | undefined,
): StateKey<Carried> | undefined {
  // Two that JSON does not tell apart, such as two files or two `Map`s, must not have each other's answers; and to write
  // the bytes of an upload keeps a page busy for seconds.
  if (!isPlainJson(request)) return undefined;
  const { product, version } = operation.service;
  const parts = [way, product, version, operation.action, options?.regionId ?? regionId, request];
  return makeStateKey(`rx-alicloud ${stringifyJson(parts)}`);
}

/** What a gateway is to those who use it. */
import type { Observable } from 'rxjs';
import type { ShutdownOptions } from '../async/shutdown-options.js';
import type { GatewayEvent } from './events.js';
import type { GatewayOptions } from './options.js';
import type { AdapterRefusal } from './refusal.js';
import { RequestHandler } from './request-handler.js';
import type { RequestInfo } from './request-info.js';
import { toSettings } from './settings.js';

/** A request handler in fetch form. */
export interface Gateway {
  /** Where it is, such as `/api/alicloud`: what stands below it is the gateway's to answer. */
  readonly path: string;
  /** Answers a request. It never rejects. */
  handle(request: Request, info?: RequestInfo): Promise<Response>;
  /** The answer to a request that an adapter has refused by itself, such as for its headers; `message` says why. */
  refuse(code: AdapterRefusal, info?: RequestInfo, message?: string): Response;
  /** What became of each request: hot, without an end. */
  readonly events$: Observable<GatewayEvent>;
  /**
   * Refuses later requests, lets those under way end, and closes the client that it has made; `mode: 'abort'`, and the end of
   * `timeout`, in milliseconds, ends them at once. It completes when nothing is left, and runs whether or not it is subscribed to.
   */
  close(options?: ShutdownOptions): Observable<never>;
}

/**
 * Makes a gateway: a request handler in fetch form that lets pages call operations of a list, without a key in the page. See
 * docs/gateway.md for what it refuses.
 *
 * @example
 * import { accessKey } from 'rx-alicloud';
 * import { describeInstances, runInstances } from 'rx-alicloud/ecs';
 * import { allow, atMost, createGateway, optional } from 'rx-alicloud/gateway';
 *
 * declare function userOf(cookie: string | null): Promise<{ readonly id: string } | undefined>;
 *
 * const gateway = createGateway({
 *   client: { regionId: 'cn-hangzhou', credentials: accessKey(id, secret) },
 *   origins: ['https://app.example.com'],
 *   allow: [describeInstances, allow(runInstances, { Amount: optional(atMost(3)), RegionId: ['cn-hangzhou'] })],
 *   authorize: ({ headers }) => userOf(headers.get('cookie')),
 * });
 * export const handle = (request: Request) => gateway.handle(request);
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const settings = toSettings(options);
  const gateway = new RequestHandler(settings, options.client);
  return {
    path: settings.path,
    handle: (request, info = {}) => gateway.handle(request, info),
    refuse: (code, info = {}, message = undefined) => gateway.refuse(code, info, message),
    events$: gateway.events$,
    close: (how = {}) => gateway.close(how),
  };
}

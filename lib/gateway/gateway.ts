import { EMPTY, NEVER, type Observable } from 'rxjs';
import type { GatewayEvent } from './events.js';
import type { GatewayOptions } from './options.js';

/** What an adapter knows of a request that its fetch form does not say. */
export interface RequestInfo {
  /** Names and values one after another, as they came: `request.rawHeaders` of Node. Those that came twice are refused. */
  readonly rawHeaders?: readonly string[] | undefined;
  /** The target of the request line as it came, such as `/api/alicloud/Ecs/…`: an URL in fetch form has lost its dots and backslashes. */
  readonly target?: string | undefined;
  /** Of the connection. */
  readonly remoteAddress?: string | undefined;
  /** Aborts when the caller has gone, where `request.signal` does not. */
  readonly signal?: AbortSignal | undefined;
}

/** A request handler in fetch form. */
export interface Gateway {
  /** Where it is, such as `/api/alicloud`: what stands below it is the gateway's to answer. */
  readonly path: string;
  /** Answers a request. It never rejects. */
  handle(request: Request, info?: RequestInfo): Promise<Response>;
  /** A request that an adapter has refused itself, such as for its headers, as the gateway answers it; `message` says why. */
  refuse(code: AdapterRefusal, info?: RequestInfo, message?: string): Response;
  /** What became of each request: hot, without an end. */
  readonly events$: Observable<GatewayEvent>;
  /**
   * Refuses later requests with 503, lets those under way end, and closes the client that it has made. It emits nothing, and
   * completes when nothing is left; it runs whether or not it is subscribed to.
   */
  close(options?: {
    readonly mode?: 'drain' | 'abort' | undefined;
    readonly timeout?: number | undefined;
  }): Observable<never>;
}

/** What an adapter refuses by itself. */
export type AdapterRefusal =
  | 'Gateway.InvalidRequest'
  | 'Gateway.HeadersTooLarge'
  | 'Gateway.RequestTimeout'
  | 'Gateway.Overloaded'
  | 'Gateway.InternalError';

/**
 * Makes a gateway.
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function createGateway(options: GatewayOptions): Gateway {
  void options;
  return {
    path: options.path ?? '/api/alicloud',
    handle: () => Promise.resolve(new Response(null, { status: 501 })),
    refuse: () => new Response(null, { status: 501 }),
    events$: NEVER,
    close: () => EMPTY,
  };
}

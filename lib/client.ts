/** Gives each descriptor its three methods. */
import { defer, finalize, identity, merge, Subject, type Observable } from 'rxjs';
import type { Channel } from './async/channel.js';
import type { Remaining, ShutdownOptions } from './async/pool.js';
import { toCallback } from './async/to-callback.js';
import { toChannels } from './async/to-channels.js';
import { toManyCallbacks, toManyChannels } from './async/to-many.js';
import type { CallOptions } from './call-options.js';
import { Calls, emitsMany } from './calls.js';
import type { Read, Route } from './client-call.js';
import type { ClientOptions } from './client-options.js';
import type { AlicloudError } from './errors.js';
import type { CallEvent, ClientStats } from './events/events.js';
import { untypedCall, type UntypedRequest } from './pipeline/untyped.js';
import type { UploadProgress } from './pipeline/upload.js';
import type { ResponseEvent } from './pipeline/with-uploads.js';
import type { FullResponse } from './response.js';
import { checkOption, ofType } from './schema/options.js';
import type { AnyOperation, Operation, RequestOf, ResponseOf, ServiceDefinition } from './service.js';

/** Called once with the response, or with the error. */
export type Callback<Response> = (response: Response | undefined, error: AlicloudError | undefined) => void;

/** A request may be left out where none of its fields is required. */
export type RequestArguments<Request> = Record<never, never> extends Request ? [request?: Request] : [request: Request];

/** The options of a call that gives the body alone. */
export type BodyOptions = CallOptions & { readonly observe?: 'body' | undefined };
/** The options of a call that gives the HTTP facts as well. */
export type FullResponseOptions = CallOptions & { readonly observe: 'response' };
/** The options of a call that gives bytes as they come; of no other operation's. */
export type StreamOptions<Response> = Response extends Uint8Array
  ? CallOptions & { readonly observe: 'stream' }
  : never;

/** An operation as a method: a cold Observable; each subscription is one call. */
export interface Call<Request, Response> {
  (request: Request, options: StreamOptions<Response>): Observable<Uint8Array>;
  (request: Request, options: FullResponseOptions): Observable<FullResponse<Response>>;
  (...args: [...RequestArguments<Request>, options?: BodyOptions]): Observable<Response>;
}

/** Starts at once, in the pool of the async mode. */
export type CallWithChan<Request, Response> = (
  ...args: [...RequestArguments<Request>, options?: BodyOptions]
) => [responseChannel: Channel<Response>, errChannel: Channel<AlicloudError>];

/** Starts at once, in the pool of the async mode. The channel yields 1 after a success and 0 after a failure. */
export type CallWithCallback<Request, Response> = (
  request: Request,
  callback: Callback<Response>,
  options?: BodyOptions,
) => Channel<0 | 1>;

/** A client: three methods for each operation, and what every client has. */
export type Client<Operations> = AlicloudClient & {
  [K in keyof Operations]: Call<RequestOf<Operations[K]>, ResponseOf<Operations[K]>>;
} & {
  [K in keyof Operations as `${K & string}WithChan`]: CallWithChan<RequestOf<Operations[K]>, ResponseOf<Operations[K]>>;
} & {
  [K in keyof Operations as `${K & string}WithCallback`]: CallWithCallback<
    RequestOf<Operations[K]>,
    ResponseOf<Operations[K]>
  >;
};

export type ClientClass<Operations> = new (options?: ClientOptions) => Client<Operations>;

/**
 * What every client has; alone, a client for any operation whose descriptor you import.
 *
 * @example
 * import { AlicloudClient, accessKey } from 'rx-alicloud';
 * import { describeRegions } from 'rx-alicloud/ecs';
 *
 * const client = new AlicloudClient({ regionId: 'cn-hangzhou', credentials: accessKey(id, secret) });
 * client.call(describeRegions, {}).subscribe((response) => console.log(response.Regions));
 */
export class AlicloudClient {
  readonly #calls: Calls;

  /** @throws ConfigurationError where an option can't work. */
  constructor(options: ClientOptions = {}) {
    this.#calls = new Calls(options);
    if (options.enableAsync === true) this.enableAsync(options.poolSize, options.maxTaskQueueSize);
  }

  /**
   * What becomes of each call, as it happens. Hot, and without an end; it tells of the calls that begin while somebody is
   * subscribed, and costs nothing while nobody is.
   */
  get events$(): Observable<CallEvent> {
    return this.#calls.events$;
  }

  /** How many calls run and wait, and what happened in the last second: at once, and then every second. */
  get stats$(): Observable<ClientStats> {
    return this.#calls.stats$;
  }

  /** A cold Observable of the response: nothing happens before it is subscribed to; unsubscribing ends the call at any stage. */
  call<Request, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    options: StreamOptions<Response>,
  ): Observable<Uint8Array>;
  call<Request, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    options: FullResponseOptions,
  ): Observable<FullResponse<Response>>;
  call<Request, Response>(
    operation: Operation<Request, Response>,
    ...args: [...RequestArguments<Request>, options?: BodyOptions]
  ): Observable<Response>;
  call(operation: AnyOperation, request?: unknown, options?: CallOptions): Observable<unknown> {
    return this.#calls.make({ operation, request, options }, 'route', readOf(options));
  }

  /**
   * A call of an operation that takes the URL of a file, and is given the file itself: it is uploaded first. Emits the
   * progress of each upload, and then the response. {@link call} does the same, and emits the response alone.
   */
  callWithUpload<Request, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    options?: BodyOptions,
  ): Observable<UploadProgress | ResponseEvent<Response>> {
    return defer(() => {
      const progress = new Subject<UploadProgress>();
      // The descriptor's type parameters say what its tables make of an answer.
      const asEvent = ({ body }: FullResponse<unknown>): ResponseEvent<Response> => ({
        kind: 'response',
        response: body as Response,
      });
      const response$ = this.#calls.make({ operation, request, options }, 'route', asEvent, progress);
      return merge(progress, response$.pipe(finalize(() => progress.complete())));
    });
  }

  /** Starts at once; success puts the response in the first channel and failure the error in the second, then both close. */
  callWithChan<Request, Response>(
    operation: Operation<Request, Response>,
    ...args: [...RequestArguments<Request>, options?: BodyOptions]
  ): [responseChannel: Channel<Response>, errChannel: Channel<AlicloudError>];
  callWithChan(operation: AnyOperation, request?: unknown, options?: CallOptions): unknown {
    const call = this.#pooled(operation, request, options);
    return emitsMany(operation, options) ? toManyChannels(call) : toChannels(call);
  }

  /**
   * Starts at once; calls back exactly once, never before this method has returned.
   *
   * @throws ConfigurationError where there is no callback.
   */
  callWithCallback<Request, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    callback: Callback<Response>,
    options?: BodyOptions,
  ): Channel<0 | 1> {
    checkOption('callback', callback, ofType('function'));
    const call = this.#pooled<Response>(operation, request, options);
    return emitsMany(operation, options) ? toManyCallbacks(call, callback) : toCallback(call, callback);
  }

  /**
   * Any call at all, described by its caller alone: a cold Observable as {@link call} gives.
   *
   * @example
   * client
   *   .request<{ Regions: object }>({ product: 'Ecs', version: '2014-05-26', action: 'DescribeRegions', query: { AcceptLanguage: 'en-US' } })
   *   .subscribe((response) => console.log(response.Regions));
   */
  request(request: UntypedRequest & { readonly observe: 'stream' }): Observable<Uint8Array>;
  request<Response = unknown>(
    request: UntypedRequest & { readonly observe: 'response' },
  ): Observable<FullResponse<Response>>;
  request<Response = unknown>(request: UntypedRequest): Observable<Response>;
  request(request: UntypedRequest): Observable<unknown> {
    return this.#untyped(request, 'route');
  }

  /** As {@link callWithChan}, for any call at all. */
  requestWithChan<Response = unknown>(
    request: UntypedRequest,
  ): [responseChannel: Channel<Response>, errChannel: Channel<AlicloudError>] {
    const call = this.#untyped<Response>(request, 'requireEnabled');
    return emitsMany(request, request) ? toManyChannels(call) : toChannels(call);
  }

  /** As {@link callWithCallback}, for any call at all. */
  requestWithCallback<Response = unknown>(request: UntypedRequest, callback: Callback<Response>): Channel<0 | 1> {
    checkOption('callback', callback, ofType('function'));
    const call = this.#untyped<Response>(request, 'requireEnabled');
    return emitsMany(request, request) ? toManyCallbacks(call, callback) : toCallback(call, callback);
  }

  /**
   * Turns the async mode on: calls go through a pool from now on.
   *
   * @param poolSize how many calls run at a time: an integer >= 1, by default 5
   * @param maxTaskQueueSize how many calls may wait: an integer >= 0, by default 1000
   * @throws ConfigurationError for other sizes, ClientError `SDK.AsyncAlreadyEnabled` where the mode is on already.
   */
  enableAsync(poolSize?: number, maxTaskQueueSize?: number): void {
    this.#calls.asyncMode.enable(poolSize, maxTaskQueueSize);
  }

  /**
   * Turns the async mode off. What was accepted is finished, unless `mode: 'abort'` or the end of `timeout` cancels it.
   * It runs whether or not it is subscribed to; the Observable reports what is left and completes when nothing is.
   */
  shutdown(options?: ShutdownOptions): Observable<Remaining> {
    const left$ = this.#calls.asyncMode.shutdown(options);
    left$.subscribe({ complete: () => this.#calls.transport.closeIdle?.() });
    return left$;
  }

  #pooled<Response>(operation: AnyOperation, request: unknown, options?: CallOptions): Observable<Response> {
    // The descriptor's type parameters say what its tables make of an answer.
    const read = readOf(options) as Read<Response>;
    return this.#calls.make({ operation, request, options }, 'requireEnabled', read);
  }

  /** What the answer is, only the caller knows. */
  #untyped<Response>(request: UntypedRequest, route: Route): Observable<Response> {
    return defer(() => {
      const call = { ...untypedCall(request), request };
      return this.#calls.makeUntyped(call, route, readOf(call.options) as Read<Response>);
    });
  }
}

/** Makes the client class of a product. */
export function defineClient<Operations>(definition: ServiceDefinition<Operations>): ClientClass<Operations> {
  class ServiceClient extends AlicloudClient {}
  // Object.entries widens the operations to any; the mapped type `Client` says what becomes of each.
  for (const [name, operation] of Object.entries(definition.operations as Record<string, AnyOperation>)) {
    addMethods(ServiceClient.prototype, name, operation);
  }
  return ServiceClient as unknown as ClientClass<Operations>;
}

/** The one untyped step. */
function addMethods(prototype: AlicloudClient, name: string, operation: AnyOperation): void {
  const untyped = operation as Operation<unknown, unknown>;
  const methods: Record<string, (this: AlicloudClient, ...args: never[]) => unknown> = {
    [name](request: unknown, options?: BodyOptions) {
      return this.call(untyped, request, options);
    },
    [`${name}WithChan`](request: unknown, options?: BodyOptions) {
      return this.callWithChan(untyped, request, options);
    },
    [`${name}WithCallback`](request: unknown, callback: Callback<unknown>, options?: BodyOptions) {
      return this.callWithCallback(untyped, request, callback, options);
    },
  };
  Object.assign(prototype, methods);
}

function readOf(options: CallOptions | undefined): Read<unknown> {
  return options?.observe === 'response' ? identity : bodyOf;
}

function bodyOf({ body }: FullResponse<unknown>): unknown {
  return body;
}

/** Gives each descriptor its three methods. */
import { mergeMap, type Observable } from 'rxjs';
import type { Channel } from './async/channel.js';
import type { QueueDepth } from './async/dispatcher.js';
import type { ShutdownOptions } from './async/shutdown-options.js';
import { toCallback } from './async/to-callback.js';
import { toChannels } from './async/to-channels.js';
import { toManyCallbacks, toManyChannels } from './async/to-many.js';
import type { CallOptions } from './call-options.js';
import { callsOf, type MakeCall } from './client-calls.js';
import type { AsyncOptions, ClientOptions } from './client-options.js';
import type { AlicloudError } from './errors.js';
import type { CallEvent, ClientStats } from './events/events.js';
import type { StatsOptions } from './events/stats.js';
import type { FullResponse, HttpEvent } from './http-event.js';
import type { UntypedRequest } from './codec/untyped.js';
import { checkOption, ofType } from './schema/options.js';
import type { PagesOptions } from './paging/options.js';
import type { Page } from './paging/page.js';
import type { Listing, Paging } from './paging/paging.js';
import type { AnyOperation, Operation, PagedOperation, RequestOf, ResponseOf, ServiceDefinition } from './service.js';
import { answersInChunks, type CallKind } from './pipeline/call-context.js';
import { pipelineOf } from './pipeline/pipeline.js';
import { Runtime } from './pipeline/runtime.js';
import type { Handler } from './pipeline/stage.js';

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

/**
 * The options of a call that gives all that becomes of it: how much of its files or its body has been sent, the head of an
 * answer that comes in chunks, and the answer.
 */
export type EventOptions = CallOptions & { readonly observe: 'events' };

/**
 * An operation as a method: a cold Observable; each subscription is one call. It has one signature, as editors show the
 * documentation of none of several.
 */
export type Call<Request, Response> = <
  Observe extends 'body' | 'response' | 'events' | (Response extends Uint8Array ? 'stream' : never) = 'body',
>(
  ...args: [...RequestArguments<Request>, options?: CallOptions & { readonly observe?: Observe | undefined }]
) => Observable<
  Observe extends 'response'
    ? FullResponse<Response>
    : Observe extends 'events'
      ? HttpEvent<Response>
      : Observe extends 'stream'
        ? Uint8Array
        : Response
>;

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

/** A client's class, which dependency injection takes for a token, and the product that it is of. */
export interface ClientClass<Operations> {
  new (options?: ClientOptions): Client<Operations>;
  readonly prototype: Client<Operations>;
  readonly definition: ServiceDefinition<Operations>;
}

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
  readonly #runtime: Runtime;
  readonly #make: MakeCall;

  /** @throws ConfigurationError where an option can't work. */
  constructor(options?: ClientOptions);
  /** @internal With a way of its own for its calls, or with all that another client has: options, pool, connections and end. */
  constructor(options?: ClientOptions, way?: ((runtime: Runtime) => Handler) | AlicloudClient);
  constructor(options: ClientOptions = {}, way: ((runtime: Runtime) => Handler) | AlicloudClient = pipelineOf) {
    if (way instanceof AlicloudClient) {
      this.#runtime = way.#runtime;
      this.#make = way.#make;
      return;
    }
    this.#runtime = new Runtime(options);
    this.#make = callsOf(this.#runtime, way(this.#runtime));
    const { enableAsync, poolSize, maxTaskQueueSize, queue } = options;
    if (enableAsync === true) this.enableAsync(poolSize, maxTaskQueueSize, { queue });
  }

  /**
   * What becomes of each call, as it happens. Hot, and without an end; it tells of the calls that begin while somebody is
   * subscribed, and costs nothing while nobody is.
   */
  get events$(): Observable<CallEvent> {
    return this.#runtime.events.events$;
  }

  /**
   * How many calls run and wait, and what happened in the last second: at once, and then with every change, at most every 100
   * milliseconds. It completes when the client is closed and nothing is left; no process and no render waits for it.
   */
  get stats$(): Observable<ClientStats> {
    return this.watchStats();
  }

  /**
   * As {@link stats$}, with another `period`: how many milliseconds there are at least between two values, an integer from 1 to
   * 1000. It errors with `SDK.InvalidConfiguration` for any other. A `scheduler` times it.
   */
  watchStats(options?: StatsOptions): Observable<ClientStats> {
    return this.#runtime.watchStats(options);
  }

  /** Emits each time that no call is in flight, neither in the pool nor outside of it: at once where none is. It never ends. */
  get idle$(): Observable<void> {
    return this.#runtime.asyncMode.idle$;
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
    options: EventOptions,
  ): Observable<HttpEvent<Response>>;
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
    return this.#make({ operation, request, options }, kindOf(options));
  }

  /** Starts at once; success puts the response in the first channel and failure the error in the second, then both close. */
  callWithChan<Request, Response>(
    operation: Operation<Request, Response>,
    ...args: [...RequestArguments<Request>, options?: BodyOptions]
  ): [responseChannel: Channel<Response>, errChannel: Channel<AlicloudError>];
  callWithChan(operation: AnyOperation, request?: unknown, options?: CallOptions): unknown {
    const call = this.#pooled(operation, request, options);
    return answersInChunks(operation, options) ? toManyChannels(call) : toChannels(call);
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
    return answersInChunks(operation, options) ? toManyCallbacks(call, callback) : toCallback(call, callback);
  }

  /**
   * The items of all pages of a list: a cold Observable; each subscription reads anew. The next page is asked for when all
   * items of this one have been passed on, so that `take(n)` asks for no page more than it needs, and unsubscribing ends the
   * call under way. A page is a call as any other. See docs/pages.md.
   *
   * It errors with `SDK.InvalidConfiguration` where the operation has no pages or an option can't work, with
   * `SDK.RepeatedPage` where an answer leads back to what was read before, and with what a page's call ends in.
   *
   * @example
   * import { describeInstances } from 'rx-alicloud/ecs';
   *
   * client.items(describeInstances, { Status: 'Running' }).subscribe(({ InstanceId }) => console.log(InstanceId));
   */
  items<Request, Response, Item>(
    operation: PagedOperation<Request, Response, Item>,
    ...args: [...RequestArguments<Request>, options?: PagesOptions<Request, Response, Item>]
  ): Observable<Item>;
  items(operation: AnyOperation, request?: unknown, options?: PagesOptions): unknown {
    return this.#read('items', operation, request, options);
  }

  /** As {@link items}, page by page: each with its items, the whole response, and the request for the page after it. */
  pages<Request, Response, Item>(
    operation: PagedOperation<Request, Response, Item>,
    ...args: [...RequestArguments<Request>, options?: PagesOptions<Request, Response, Item>]
  ): Observable<Page<Request, Response, Item>>;
  pages(operation: AnyOperation, request?: unknown, options?: PagesOptions): unknown {
    return this.#read('pages', operation, request, options);
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
    return this.#untyped(request, false);
  }

  /** As {@link callWithChan}, for any call at all. */
  requestWithChan<Response = unknown>(
    request: UntypedRequest,
  ): [responseChannel: Channel<Response>, errChannel: Channel<AlicloudError>] {
    const call = this.#untyped<Response>(request, true);
    return answersInChunks(request) ? toManyChannels(call) : toChannels(call);
  }

  /** As {@link callWithCallback}, for any call at all. */
  requestWithCallback<Response = unknown>(request: UntypedRequest, callback: Callback<Response>): Channel<0 | 1> {
    checkOption('callback', callback, ofType('function'));
    const call = this.#untyped<Response>(request, true);
    return answersInChunks(request) ? toManyCallbacks(call, callback) : toCallback(call, callback);
  }

  /**
   * Turns the async mode on: calls go through a pool from now on.
   *
   * @param poolSize how many calls run at a time: an integer >= 1, by default 5, or `adaptive({ min, max })`
   * @param maxTaskQueueSize how many calls may wait: an integer >= 0, by default 1000
   * @param options the queue, where it is not first in, first out
   * @throws ConfigurationError for other sizes, ClientError `SDK.AsyncAlreadyEnabled` where the mode is on already.
   */
  enableAsync(poolSize?: ClientOptions['poolSize'], maxTaskQueueSize?: number, options?: AsyncOptions): void {
    this.#runtime.asyncMode.enable(poolSize, maxTaskQueueSize, options);
    this.#reserve(typeof poolSize === 'object' ? poolSize.max : poolSize);
  }

  /**
   * Changes the sizes of the pool while it runs; what is left out stays as it is. A larger pool starts calls that wait at once; a
   * smaller one lets those that run finish. Calls that wait keep their places, even where they are more than may wait now.
   *
   * @param poolSize how many calls run at a time: an integer >= 1
   * @param maxTaskQueueSize how many calls may wait: an integer >= 0
   * @throws ConfigurationError for other sizes, ClientError `SDK.AsyncFunctionNotEnabled` where the async mode is off.
   */
  resize(poolSize?: number, maxTaskQueueSize?: number): void {
    this.#runtime.asyncMode.resize(poolSize, maxTaskQueueSize);
    this.#reserve(poolSize);
  }

  /**
   * From now on the pool starts nothing, neither calls nor repetitions. What runs goes on, and calls are accepted as before.
   * A shutdown resumes.
   *
   * @throws ClientError `SDK.AsyncFunctionNotEnabled` where the async mode is off.
   */
  pause(): void {
    this.#runtime.asyncMode.suspend(true);
  }

  /**
   * Starts at once what has waited for the end of a {@link pause}.
   *
   * @throws ClientError `SDK.AsyncFunctionNotEnabled` where the async mode is off.
   */
  resume(): void {
    this.#runtime.asyncMode.suspend(false);
  }

  /**
   * Turns the async mode off, and waits for all that is in flight, with or without it. What was accepted is finished, unless
   * `mode: 'abort'` or the end of `timeout` cancels it. It runs whether or not it is subscribed to; the Observable reports what
   * is left and completes when nothing is. Calls that are made from then on are sent directly again.
   */
  shutdown(options?: ShutdownOptions): Observable<QueueDepth> {
    return this.#closeSockets(this.#runtime.asyncMode.shutdown(options));
  }

  /**
   * Ends all that is in flight in `SDK.Aborted`, unless `mode: 'drain'` lets it finish, and refuses later calls with
   * `SDK.Closed`. In all else it is a {@link shutdown}.
   */
  close(options: ShutdownOptions = { mode: 'abort' }): Observable<QueueDepth> {
    return this.#closeSockets(this.#runtime.asyncMode.close(options));
  }

  #reserve(poolSize: number | undefined): void {
    if (poolSize !== undefined) this.#runtime.transport.reserve?.(poolSize);
  }

  #read(what: keyof Paging, ...listing: Listing): Observable<unknown> {
    return this.#runtime.lazyFeatures.paging$.pipe(mergeMap((paging) => paging[what](this, ...listing)));
  }

  #closeSockets(left$: Observable<QueueDepth>): Observable<QueueDepth> {
    left$.subscribe({ complete: () => this.#runtime.transport.closeIdle?.() });
    return left$;
  }

  #pooled<Response>(operation: AnyOperation, request: unknown, options?: CallOptions): Observable<Response> {
    return this.#make({ operation, request, options }, { ...kindOf(options), requiresAsync: true });
  }

  /** What the answer is, only the caller knows. */
  #untyped<Response>(request: UntypedRequest, requiresAsync: boolean): Observable<Response> {
    return this.#runtime.lazyFeatures.directFeatures$.pipe(
      mergeMap(({ untypedCall }) => {
        const call = { ...untypedCall(request), request };
        return this.#make<Response>(call, { ...kindOf(call.options), requiresAsync, codecs: 'untyped' });
      }),
    );
  }
}

/** Makes the client class of a product. */
export function defineClient<Operations>(definition: ServiceDefinition<Operations>): ClientClass<Operations> {
  class ServiceClient extends AlicloudClient {
    static readonly definition = definition;
  }
  // Dependency injection and debuggers tell classes by their names.
  Object.defineProperty(ServiceClient, 'name', { value: `${definition.service.product}Client` });
  // An object without a prototype is a hash table from the start. Added one after another to a class's own prototype, each of a
  // thousand methods would copy what V8 knows of those before it: for ECS 25 ms and 20 MB (bench/micro/define-client.mjs).
  const methods = Object.create(null) as object;
  // Object.entries widens the operations to any; the mapped type `Client` says what becomes of each.
  for (const [name, operation] of Object.entries(definition.operations as Record<string, AnyOperation>)) {
    Object.assign(methods, methodsOf(name, operation));
  }
  Object.setPrototypeOf(methods, AlicloudClient.prototype);
  Object.setPrototypeOf(ServiceClient.prototype, methods);
  return ServiceClient as unknown as ClientClass<Operations>;
}

type Methods = Record<string, (this: AlicloudClient, ...args: never[]) => unknown>;

/** The one untyped step. */
function methodsOf(name: string, operation: AnyOperation): Methods {
  const untyped = operation as Operation<unknown, unknown>;
  return {
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
}

/** How calls are made: directly or through the pool, where that is on; through the pool or not at all. */
const kinds = {
  body: { requiresAsync: false, codecs: 'tables', observe: 'body' },
  response: { requiresAsync: false, codecs: 'tables', observe: 'response' },
  events: { requiresAsync: false, codecs: 'tables', observe: 'events' },
} as const;

/** Whatever is given: that it is wrong is said through the call. */
function kindOf(options: CallOptions | undefined): CallKind {
  const { observe = 'body' } = Object(options) as CallOptions;
  const known: Partial<Record<string, CallKind>> = kinds;
  return known[observe] ?? kinds.body;
}

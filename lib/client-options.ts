import type { AxiosInstance } from 'axios';
import type { CredentialsProvider } from './credentials/credentials.js';
import type { EndpointOverrides } from './endpoint/overrides.js';
import type { AttemptInterceptor, CallInterceptor, CallRequest } from './interceptor.js';
import type { RateLimiter } from './throttling/rate-limiter.js';
import type { Logger } from './logging/logger.js';
import type { AdaptiveSize, QueueDiscipline } from './queues/discipline.js';
import type { Retry } from './retry/failure.js';
import type { Protocol } from './service.js';
import type { ProxyOptions, TlsOptions } from './transport/connection-options.js';
import type { Transport } from './transport/transport.js';

/** A call as a queue sees it: with what its caller has given, before anything is checked or encoded. */
export interface QueuedCall extends CallRequest {
  /** Of the call's options, else of its request, else the client's. */
  readonly regionId: string | undefined;
}

export interface ClientOptions {
  /**
   * The region, such as `cn-hangzhou`. Needed where the product has a host for each region and no `endpoint` is given. The
   * `RegionId` of a request goes before it, and the option of a call before both.
   * @default none
   */
  readonly regionId?: string | undefined;
  /**
   * Who signs: `accessKey(…)`, `stsToken(…)`, `bearerToken(…)`, `idToken(…)`, a provider of `rx-alicloud/credentials`, or any
   * function that returns an `ObservableInput` of credentials.
   * @default none
   */
  readonly credentials?: CredentialsProvider | undefined;
  /**
   * Where a gateway of `rx-alicloud/gateway` listens, which has the credentials, signs and sends: a path such as
   * `/api/alicloud`, or a URL without a query. Calls go there as JSON, without a signature. It excludes `credentials` and all
   * that says which host is spoken to, and how. A path is of the page, or of whatever the option `transport` or `axios` takes
   * it for.
   * @default none: calls are signed and sent directly
   */
  readonly gateway?: string | undefined;
  /**
   * A host, `host:port` or an origin such as `http://127.0.0.1:8080`, in place of the product's own. HTTPS unless it says
   * `http://`.
   * @default by the product and the region
   */
  readonly endpoint?: string | undefined;
  /**
   * The network whose hosts are spoken to, by the rule `product-network.region.aliyuncs.com`: `public`, `vpc`, `inner`,
   * `ipv6`, `dualstack`, `share`, `proxy`, or any other that the product has.
   * @default 'public'
   */
  readonly network?: Network | undefined;
  /**
   * What is different about the hosts of a product: `{ Ecs: { prefix, rule, regions } }`, by the product's code, whose case
   * does not count. Its regions are added to those known.
   * @default none
   */
  readonly endpoints?: EndpointOverrides | undefined;
  /** How calls are signed, where the product takes both: `V3` (ACS3-HMAC-SHA256) or `V1` (HMAC-SHA1). @default 'V3' */
  readonly signature?: Protocol | undefined;
  /** How hosts are spoken to, where an `endpoint` does not say it itself: `https` or `http`. @default 'https' */
  readonly scheme?: Scheme | undefined;
  /**
   * Asks the location service for the hosts that neither the product's regions nor its rule tell; its answers are kept for an
   * hour.
   * @default false
   */
  readonly locationService?: boolean | undefined;
  /**
   * How long an attempt may wait for a connection, in milliseconds, >= 0. 0 is no limit.
   * @default 5000, or none where `timeout` is given
   */
  readonly connectTimeout?: number | undefined;
  /**
   * How long an attempt may wait for the next byte of the answer, in milliseconds, >= 0. 0 is no limit.
   * @default 10000, or the operation's own where it is a slow one, or none where `timeout` or `deadline` is given
   */
  readonly readTimeout?: number | undefined;
  /**
   * How long an attempt may take as a whole, to its response or to the beginning of one that comes in pieces, in
   * milliseconds, >= 0. The queue, throttles and what waits for a connection don't count. 0 is no limit.
   * @default `connectTimeout + readTimeout`: 15000
   */
  readonly timeout?: number | undefined;
  /**
   * How long a call may take as a whole, in milliseconds, >= 0: the queue, the credentials, every attempt and every wait. 0 is
   * no limit.
   * @default 0
   */
  readonly deadline?: number | undefined;
  /**
   * Whether and how failed attempts are repeated: `false`, {@link RetryOptions}, or a policy of your own.
   * @default what RetryOptions say
   */
  readonly retry?: Retry | undefined;
  /**
   * The longest wait that a server may ask for, in milliseconds, >= 0. A call that would have to wait longer fails at once,
   * with the wait in `error.retryAfter`; 0 is no limit.
   * @default 60000
   */
  readonly maxRetryAfter?: number | undefined;
  /**
   * What holds calls back that the server would refuse; one of your own may be shared by several clients. `false`: none.
   * @default one for each client
   */
  readonly rateLimiter?: RateLimiter | false | undefined;
  /** What stands around each call; the first is the outermost. @default none */
  readonly interceptors?: readonly CallInterceptor[] | undefined;
  /** What stands around each attempt; the first is the outermost. @default none */
  readonly attemptInterceptors?: readonly AttemptInterceptor[] | undefined;
  /**
   * The proxy that requests go through, in Node: a URL, `{ http, https, no }` with one for each scheme and the hosts that need
   * none, or `false` for none at all.
   * @default the environment's
   * @env `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`, in lower case, too
   */
  readonly proxy?: ProxyOptions | undefined;
  /**
   * Certificates, in Node: `{ ca, cert, key, passphrase, insecure }`.
   * @default what Node trusts
   * @env `NODE_EXTRA_CA_CERTS`, which Node reads
   */
  readonly tls?: TlsOptions | undefined;
  /** How long a connection that no request uses is kept, in Node, in milliseconds, >= 0. 0 keeps none. @default 10000 */
  readonly idleTimeout?: number | undefined;
  /**
   * How many connections there may be to one host, in Node: an integer >= 1. What finds none free waits, first in, first
   * out, and its limits of time do not count meanwhile, but for the `deadline`.
   * @default 50, or `poolSize` where that is larger
   */
  readonly maxConnections?: number | undefined;
  /** The longest answer that is taken, in bytes after decompression: an integer >= 0. 0 is no limit. @default 104857600, which is 100 MiB */
  readonly maxResponseSize?: number | undefined;
  /**
   * Whether an answer that is not what the operation's description says is an `SDK.InvalidResponse`, although the server has
   * executed the call. What can't be read is handed on as it came otherwise, and told by the event `drifted`.
   * @default false
   */
  readonly strict?: boolean | undefined;
  /** Turns the async mode on from the start. @default false */
  readonly enableAsync?: boolean | undefined;
  /**
   * How many calls run at a time in the async mode: an integer >= 1, or `adaptive({ min, max })` of `rx-alicloud/queues`.
   * @default 5
   */
  readonly poolSize?: number | AdaptiveSize<QueuedCall> | undefined;
  /**
   * How many calls may wait in the async mode, in the whole client, beside those that run: an integer >= 0.
   * @default 1000
   */
  readonly maxTaskQueueSize?: number | undefined;
  /**
   * Which call is next in the async mode, and what becomes of those that wait too long or find no room: what `fifo()`,
   * `priority(…)` and `fair(…)` of `rx-alicloud/queues` give, or a queue of your own.
   * @default first in, first out
   */
  readonly queue?: QueueDiscipline<QueuedCall> | undefined;
  /**
   * Makes the calls of the async mode elsewhere, in place of a pool of this process: what `bullmqDispatcher(…)` of
   * `rx-alicloud/bullmq` gives. It excludes `gateway`, `queue` and a `poolSize` that adapts.
   * @default none: a pool of this process
   */
  readonly dispatcher?: RemoteDispatcher | undefined;
  /**
   * Told of all that the client's `events$` tell; `lineLogger(…)` makes one that writes a line for each attempt.
   * @default none
   * @env `DEBUG=rx-alicloud:*` writes requests and answers to standard error, in Node
   */
  readonly logger?: Logger | undefined;
  /**
   * Says that a long-lived access key (`accessKey(…)`) signs in a page knowingly, as in a tool of one's own that nobody else opens:
   * such a page writes a warning to the console, once, otherwise. It means nothing elsewhere.
   * @default false
   */
  readonly allowAccessKeyInBrowser?: boolean | undefined;
  /** Added to the user agent. Browsers send their own instead. @default none */
  readonly userAgent?: string | undefined;
  /** Carries the requests in place of axios. @default over axios */
  readonly transport?: Transport | undefined;
  /** An axios instance of your own, with your interceptors, in place of the client's. @default the client's own */
  readonly axios?: AxiosInstance | undefined;
  /** The time in milliseconds since 1970. @default `Date.now` */
  readonly clock?: (() => number) | undefined;
  /** A text that no other request has. @default a random UUID */
  readonly nonce?: (() => string) | undefined;
}

/** Where the calls of the async mode are made, if not in a pool of this process. One may serve several clients. */
export interface RemoteDispatcher {
  /** Opens it for a client, each time the async mode is turned on. What passes between them is nobody else's. */
  open(host: never): unknown;
}

export type Scheme = 'https' | 'http';

/** A network that products have hosts in. Not every product has them in all. */
export type Network = 'public' | 'vpc' | 'inner' | 'ipv6' | 'dualstack' | 'share' | 'proxy' | (string & {});

/** The options of the async mode beside its sizes. */
export type AsyncOptions = Pick<ClientOptions, 'queue'>;

import type { AxiosInstance } from 'axios';
import type { ClientOptions, Network, QueuedCall, RemoteDispatcher, Scheme } from './client-options.js';
import type { CredentialsProvider } from './credentials/credentials.js';
import type { EndpointOverrides } from './endpoint/overrides.js';
import type { AttemptInterceptor, CallInterceptor } from './interceptor.js';
import type { RateLimiter } from './throttling/rate-limiter.js';
import type { Logger } from './logging/logger.js';
import type { AdaptiveSize, QueueDiscipline } from './queues/discipline.js';
import { checkOption, plainObject } from './schema/options.js';
import type { Retry } from './retry/failure.js';
import type { Protocol } from './service.js';
import { mask } from './masking/masking.js';
import type { ProxyOptions, TlsOptions } from './transport/connection-options.js';
import type { Transport } from './transport/transport.js';

/**
 * The options in fluent form. Each `with…` returns a new `Config`.
 *
 * @example
 * new EcsClient(new Config().withRegionId('cn-hangzhou').withEnableAsync(true).withPoolSize(10).withMaxTaskQueueSize(10_000));
 */
export class Config implements ClientOptions {
  readonly regionId?: string;
  readonly credentials?: CredentialsProvider;
  readonly gateway?: string;
  readonly endpoint?: string;
  readonly network?: Network;
  readonly endpoints?: EndpointOverrides;
  readonly scheme?: Scheme;
  readonly locationService?: boolean;
  readonly signature?: Protocol;
  readonly connectTimeout?: number;
  readonly readTimeout?: number;
  readonly timeout?: number;
  readonly deadline?: number;
  readonly retry?: Retry;
  readonly maxRetryAfter?: number;
  readonly rateLimiter?: RateLimiter | false;
  readonly interceptors?: readonly CallInterceptor[];
  readonly attemptInterceptors?: readonly AttemptInterceptor[];
  readonly proxy?: ProxyOptions;
  readonly tls?: TlsOptions;
  readonly idleTimeout?: number;
  readonly maxConnections?: number;
  readonly maxResponseSize?: number;
  readonly strict?: boolean;
  readonly enableAsync?: boolean;
  readonly poolSize?: number | AdaptiveSize<QueuedCall>;
  readonly maxTaskQueueSize?: number;
  readonly queue?: QueueDiscipline<QueuedCall>;
  readonly dispatcher?: RemoteDispatcher;
  readonly logger?: Logger;
  readonly allowAccessKeyInBrowser?: boolean;
  readonly userAgent?: string;
  readonly transport?: Transport;
  readonly axios?: AxiosInstance;
  readonly clock?: () => number;
  readonly nonce?: () => string;

  constructor(options: ClientOptions = {}) {
    checkOption('options', options, plainObject);
    // Inherited options too, as a client sees them.
    for (const name in options) Object.assign(this, { [name]: options[name as keyof ClientOptions] });
    // What `util.inspect` and `console.log` show. As a method, its computed name would keep the class in every bundle.
    Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => this.toJSON() });
  }

  /** The options as they may be shown: the proxy's password and the key of `tls` are masked. */
  toJSON(): Record<string, unknown> {
    const { proxy, tls, ...rest } = this;
    return {
      ...rest,
      ...(proxy === undefined ? {} : { proxy: shownProxy(proxy) }),
      ...(tls === undefined ? {} : { tls: { ...tls, ...maskOf(tls, 'key'), ...maskOf(tls, 'passphrase') } }),
    };
  }

  withRegionId(regionId: string): Config {
    return new Config({ ...this, regionId });
  }

  withCredentials(credentials: CredentialsProvider): Config {
    return new Config({ ...this, credentials });
  }

  withGateway(gateway: string): Config {
    return new Config({ ...this, gateway });
  }

  withEndpoint(endpoint: string): Config {
    return new Config({ ...this, endpoint });
  }

  withNetwork(network: Network): Config {
    return new Config({ ...this, network });
  }

  withEndpoints(endpoints: EndpointOverrides): Config {
    return new Config({ ...this, endpoints });
  }

  withScheme(scheme: Scheme): Config {
    return new Config({ ...this, scheme });
  }

  withLocationService(locationService: boolean): Config {
    return new Config({ ...this, locationService });
  }

  withSignature(signature: Protocol): Config {
    return new Config({ ...this, signature });
  }

  withConnectTimeout(connectTimeout: number): Config {
    return new Config({ ...this, connectTimeout });
  }

  withReadTimeout(readTimeout: number): Config {
    return new Config({ ...this, readTimeout });
  }

  withTimeout(timeout: number): Config {
    return new Config({ ...this, timeout });
  }

  withDeadline(deadline: number): Config {
    return new Config({ ...this, deadline });
  }

  withRetry(retry: Retry): Config {
    return new Config({ ...this, retry });
  }

  withMaxRetryAfter(maxRetryAfter: number): Config {
    return new Config({ ...this, maxRetryAfter });
  }

  withRateLimiter(rateLimiter: RateLimiter | false): Config {
    return new Config({ ...this, rateLimiter });
  }

  withInterceptors(interceptors: readonly CallInterceptor[]): Config {
    return new Config({ ...this, interceptors });
  }

  withAttemptInterceptors(attemptInterceptors: readonly AttemptInterceptor[]): Config {
    return new Config({ ...this, attemptInterceptors });
  }

  withProxy(proxy: ProxyOptions): Config {
    return new Config({ ...this, proxy });
  }

  withTls(tls: TlsOptions): Config {
    return new Config({ ...this, tls });
  }

  withIdleTimeout(idleTimeout: number): Config {
    return new Config({ ...this, idleTimeout });
  }

  withMaxConnections(maxConnections: number): Config {
    return new Config({ ...this, maxConnections });
  }

  withMaxResponseSize(maxResponseSize: number): Config {
    return new Config({ ...this, maxResponseSize });
  }

  withStrict(strict: boolean): Config {
    return new Config({ ...this, strict });
  }

  withEnableAsync(enableAsync: boolean): Config {
    return new Config({ ...this, enableAsync });
  }

  withPoolSize(poolSize: number | AdaptiveSize<QueuedCall>): Config {
    return new Config({ ...this, poolSize });
  }

  withMaxTaskQueueSize(maxTaskQueueSize: number): Config {
    return new Config({ ...this, maxTaskQueueSize });
  }

  withQueue(queue: QueueDiscipline<QueuedCall>): Config {
    return new Config({ ...this, queue });
  }

  withDispatcher(dispatcher: RemoteDispatcher): Config {
    return new Config({ ...this, dispatcher });
  }

  withLogger(logger: Logger): Config {
    return new Config({ ...this, logger });
  }

  withAllowAccessKeyInBrowser(allowAccessKeyInBrowser = true): Config {
    return new Config({ ...this, allowAccessKeyInBrowser });
  }

  withUserAgent(userAgent: string): Config {
    return new Config({ ...this, userAgent });
  }

  withTransport(transport: Transport): Config {
    return new Config({ ...this, transport });
  }

  withAxios(axios: AxiosInstance): Config {
    return new Config({ ...this, axios });
  }

  withClock(clock: () => number): Config {
    return new Config({ ...this, clock });
  }

  withNonce(nonce: () => string): Config {
    return new Config({ ...this, nonce });
  }
}

function shownProxy(proxy: ProxyOptions): ProxyOptions {
  const shown = (url: unknown): string => String(url).replace(/^((?:[^/@]*:)?\/{0,2})[^/?#]*@/, `$1${mask}@`);
  if (proxy === false) return proxy;
  if (typeof proxy === 'string') return shown(proxy);
  return Object.fromEntries(Object.entries(proxy).map(([name, url]) => [name, name === 'no' ? url : shown(url)]));
}

function maskOf(tls: TlsOptions, name: 'key' | 'passphrase'): TlsOptions {
  return tls[name] === undefined ? {} : { [name]: mask };
}

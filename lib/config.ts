import type { AxiosInstance } from 'axios';
import type { CredentialsProvider } from './credentials/credentials.js';
import { parseEndpoint, parseNetwork, parseRegionId, type EndpointOverrides } from './endpoint/endpoint.js';
import { ConfigurationError } from './errors.js';
import { isPlainObject } from './schema/values.js';
import type { Protocol } from './service.js';
import { isHeaderValue } from './transport/header-value.js';
import type { Transport } from './transport/transport.js';

export interface ClientOptions {
  /** The region, such as `cn-hangzhou`. Needed where the product has a host for each region and no `endpoint` is given. */
  readonly regionId?: string | undefined;
  /** Who signs: `accessKey(…)`, `stsToken(…)`, `bearerToken(…)`, or any function that returns an `ObservableInput` of credentials. */
  readonly credentials?: CredentialsProvider | undefined;
  /** A host, `host:port` or an origin such as `http://127.0.0.1:8080`, in place of the product's own. HTTPS unless it says `http://`. */
  readonly endpoint?: string | undefined;
  /** The network whose hosts are spoken to, by the rule `product-network.region.aliyuncs.com`. @default 'public' */
  readonly network?: Network | undefined;
  /** What is different about the hosts of a product, by the product's code such as `Ecs`; its regions are added to those known. */
  readonly endpoints?: EndpointOverrides | undefined;
  /** How calls are signed, where the product takes both. @default 'V3' */
  readonly signature?: Protocol | undefined;
  /** How long a call may take from its start to its response, in milliseconds; waiting in the queue doesn't count. 0 is no limit. @default 10000 */
  readonly timeout?: number | undefined;
  /** Turns the async mode on from the start. @default false */
  readonly enableAsync?: boolean | undefined;
  /** How many calls run at a time in the async mode: an integer >= 1. @default 5 */
  readonly poolSize?: number | undefined;
  /** How many calls may wait in the async mode, beside those that run: an integer >= 0. @default 1000 */
  readonly maxTaskQueueSize?: number | undefined;
  /** Added to the user agent. Browsers send their own instead. */
  readonly userAgent?: string | undefined;
  /** Carries the requests in place of axios. */
  readonly transport?: Transport | undefined;
  /** An axios instance of your own, with your interceptors, in place of the client's. */
  readonly axios?: AxiosInstance | undefined;
  /** The time in milliseconds since 1970. @default Date.now */
  readonly clock?: (() => number) | undefined;
  /** A text that no other request has. @default a random UUID */
  readonly nonce?: (() => string) | undefined;
}

/** A network that products have hosts in. Not every product has them in all. */
export type Network = 'public' | 'vpc' | 'inner' | 'ipv6' | 'dualstack' | 'share' | 'proxy' | (string & {});

/** What can be said for one call. */
export interface CallOptions {
  /** In place of the client's. */
  readonly regionId?: string | undefined;
  /** In place of the client's. */
  readonly endpoint?: string | undefined;
  /** In place of the client's. */
  readonly credentials?: CredentialsProvider | undefined;
  /** In place of the client's, in milliseconds. */
  readonly timeout?: number | undefined;
  /** Headers to add; those that the operation itself sets win. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Query parameters to add; those that the operation itself sets win. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /**
   * `response` emits the HTTP status and headers with the body; `stream`, where the response is bytes, emits them piece
   * by piece as they come.
   * @default 'body'
   */
  readonly observe?: 'body' | 'response' | 'stream' | undefined;
}

/** The defaults, all in one place. */
export const defaults = { timeout: 10_000, poolSize: 5, maxTaskQueueSize: 1000 } as const;

/**
 * The options in fluent form. Each `with…` returns a new `Config`.
 *
 * @example
 * new EcsClient(new Config().withRegionId('cn-hangzhou').withEnableAsync(true).withPoolSize(10).withMaxTaskQueueSize(10_000));
 */
export class Config implements ClientOptions {
  readonly regionId?: string;
  readonly credentials?: CredentialsProvider;
  readonly endpoint?: string;
  readonly network?: Network;
  readonly endpoints?: EndpointOverrides;
  readonly signature?: Protocol;
  readonly timeout?: number;
  readonly enableAsync?: boolean;
  readonly poolSize?: number;
  readonly maxTaskQueueSize?: number;
  readonly userAgent?: string;
  readonly transport?: Transport;
  readonly axios?: AxiosInstance;
  readonly clock?: () => number;
  readonly nonce?: () => string;

  constructor(options: ClientOptions = {}) {
    Object.assign(this, options);
  }

  withRegionId(regionId: string): Config {
    return new Config({ ...this, regionId });
  }

  withCredentials(credentials: CredentialsProvider): Config {
    return new Config({ ...this, credentials });
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

  withSignature(signature: Protocol): Config {
    return new Config({ ...this, signature });
  }

  withTimeout(timeout: number): Config {
    return new Config({ ...this, timeout });
  }

  withEnableAsync(enableAsync: boolean): Config {
    return new Config({ ...this, enableAsync });
  }

  withPoolSize(poolSize: number): Config {
    return new Config({ ...this, poolSize });
  }

  withMaxTaskQueueSize(maxTaskQueueSize: number): Config {
    return new Config({ ...this, maxTaskQueueSize });
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
}

/** What decides where and how a call is sent: of the client's options, or of a call's. */
export interface CallSettings {
  readonly regionId: string | undefined;
  /** An origin. */
  readonly endpoint: string | undefined;
  readonly network: string | undefined;
  readonly endpoints: EndpointOverrides | undefined;
  readonly signature: Protocol;
  readonly credentials: CredentialsProvider | undefined;
  readonly timeout: number;
}

/** Checks the client's options. */
export function clientSettings(options: ClientOptions): CallSettings {
  check(options, clientRules);
  return {
    regionId: options.regionId === undefined ? undefined : parseRegionId(options.regionId),
    endpoint: options.endpoint === undefined ? undefined : parseEndpoint(options.endpoint),
    network: options.network === undefined ? undefined : parseNetwork(options.network),
    endpoints: options.endpoints,
    signature: options.signature ?? 'V3',
    credentials: options.credentials,
    timeout: options.timeout ?? defaults.timeout,
  };
}

/** The client's settings with a call's options in their place. */
export function callSettings(client: CallSettings, options: CallOptions | undefined): CallSettings {
  if (options === undefined) return client;
  check(options, callRules);
  return {
    ...client,
    regionId: options.regionId === undefined ? client.regionId : parseRegionId(options.regionId),
    endpoint: options.endpoint === undefined ? client.endpoint : parseEndpoint(options.endpoint),
    credentials: options.credentials ?? client.credentials,
    timeout: options.timeout ?? client.timeout,
  };
}

interface Rule {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const ofType = (type: 'string' | 'boolean' | 'function'): Rule => ({
  expected: `a ${type}`,
  fits: (value) => typeof value === type,
});

const integerFrom = (minimum: number): Rule => ({
  expected: `an integer >= ${minimum}`,
  fits: (value) => Number.isInteger(value) && Number(value) >= minimum,
});

const plainObject: Rule = { expected: 'a plain object', fits: isPlainObject };

/** A timer's delay is a signed 32-bit integer: a longer one would fire at once. */
export const longestTimeout = 2 ** 31 - 1;

const shared: Readonly<Record<keyof ClientOptions & keyof CallOptions, Rule>> = {
  regionId: ofType('string'),
  endpoint: ofType('string'),
  credentials: { ...ofType('function'), expected: 'a function, such as accessKey(id, secret) gives' },
  timeout: {
    expected: `milliseconds from 0 to ${longestTimeout}`,
    fits: (value) => typeof value === 'number' && value >= 0 && value <= longestTimeout,
  },
};

const clientRules: Readonly<Record<keyof ClientOptions, Rule>> = {
  ...shared,
  network: ofType('string'),
  endpoints: {
    expected: "an object with each product's { prefix, rule, regions }, or some of them",
    fits: (value) => plainObject.fits(value) && Object.values(value as object).every(plainObject.fits),
  },
  signature: { expected: "'V3' or 'V1'", fits: (value) => value === 'V3' || value === 'V1' },
  enableAsync: ofType('boolean'),
  poolSize: integerFrom(1),
  maxTaskQueueSize: integerFrom(0),
  userAgent: {
    expected: 'text on one line, in Latin-1',
    fits: (value) => typeof value === 'string' && isHeaderValue(value),
  },
  transport: { expected: 'an object with a method `send`', fits: (value) => hasMethod(value, 'send') },
  axios: { expected: 'an axios instance', fits: (value) => hasMethod(value, 'request') },
  clock: ofType('function'),
  nonce: ofType('function'),
};

const callRules: Readonly<Record<keyof CallOptions, Rule>> = {
  ...shared,
  headers: plainObject,
  query: plainObject,
  observe: {
    expected: "'body', 'response' or 'stream'",
    fits: (value) => value === 'body' || value === 'response' || value === 'stream',
  },
};

/** Plain JavaScript passes anything; a misspelt option would be lost without a word. */
function check(options: object, rules: Readonly<Record<string, Rule>>): void {
  if (typeof options !== 'object' || (options as unknown) === null) throw refused('options', 'an object', options);
  for (const [path, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, path) ? rules[path] : undefined;
    if (rule === undefined) throw refused(path, 'absent, as there is no such option', value);
    if (value !== undefined && !rule.fits(value)) throw refused(path, rule.expected, value);
  }
}

function hasMethod(value: unknown, name: string): boolean {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as Readonly<Record<string, unknown>>)[name] === 'function'
  );
}

/** Of what came, only numbers are shown: a text may be a secret. */
function refused(path: string, expected: string, value: unknown): ConfigurationError {
  const kind = typeof value;
  const received =
    kind === 'number' || value === undefined || value === null
      ? String(value)
      : Array.isArray(value)
        ? 'an array'
        : kind === 'object'
          ? 'an object'
          : `a ${kind}`;
  return new ConfigurationError({ path, expected, received });
}

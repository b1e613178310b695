/** The options, checked, with the defaults in their place. */
import type { CallOptions } from './call-options.js';
import type { AsyncOptions, ClientOptions, Scheme } from './client-options.js';
import type { CredentialsProvider } from './credentials/credentials.js';
import { checkNetwork, checkRegionId, parseEndpoint } from './endpoint/host-names.js';
import { gatewayOf, refuseBesideGateway } from './endpoint/gateway.js';
import { checkEndpoints, type EndpointOverrides } from './endpoint/overrides.js';
import { connectionDefaults } from './platform/connections.js';
import type { Retry } from './retry/failure.js';
import { checkRetry } from './retry/options.js';
import {
  checkOption,
  checkOptions,
  integerFrom,
  longestTimeout,
  milliseconds,
  ofType,
  oneOf,
  plainObject,
  withMethod,
  type Rule,
  type Rules,
} from './schema/options.js';
import { isObject } from './schema/values.js';
import type { AnyOperation, Protocol } from './service.js';
import { connectionRules } from './transport/connection-options.js';
import { isHeaderValue } from './transport/header-value.js';

/** The defaults. Those of retries are `retryDefaults`. */
export const defaults = {
  scheme: 'https',
  signature: 'V3',
  connectTimeout: 5000,
  readTimeout: 10_000,
  deadline: 0,
  maxRetryAfter: 60_000,
  idleTimeout: connectionDefaults.idleTimeout,
  maxResponseSize: 100 * 2 ** 20,
  strict: false,
  poolSize: 5,
  maxTaskQueueSize: 1000,
} as const;

/** What decides where and how a call is sent: of the client's options, or of a call's. */
export interface CallSettings {
  readonly regionId: string | undefined;
  /** An origin. */
  readonly endpoint: string | undefined;
  readonly scheme: Scheme;
  readonly network: string | undefined;
  readonly endpoints: EndpointOverrides | undefined;
  readonly locationService: boolean;
  readonly signature: Protocol;
  readonly credentials: CredentialsProvider | undefined;
  /** A URL, or a path, without a slash at its end. */
  readonly gateway: string | undefined;
  readonly connectTimeout: number;
  readonly readTimeout: number;
  /** Neither `readTimeout` nor `timeout` was given: an operation's own stands in. */
  readonly readTimeoutIsDefault?: true | undefined;
  /** Of an attempt as a whole. */
  readonly timeout: number;
  readonly deadline: number;
  readonly retry: Retry | undefined;
  /** `Infinity` is no limit. */
  readonly maxRetryAfter: number;
  readonly maxResponseSize: number;
  readonly strict: boolean;
}

/** Checks the client's options. */
export function clientSettings(options: ClientOptions): CallSettings {
  checkOptions(options, clientRules);
  const { scheme = defaults.scheme } = options;
  return {
    regionId: options.regionId,
    endpoint: options.endpoint === undefined ? undefined : parseEndpoint(options.endpoint, scheme),
    scheme,
    network: options.network,
    endpoints: options.endpoints,
    locationService: options.locationService ?? false,
    signature: options.signature ?? defaults.signature,
    credentials: options.credentials,
    gateway: gatewayOf(options),
    ...timeouts(options, { ...defaults, readTimeoutIsDefault: true }),
    deadline: options.deadline ?? defaults.deadline,
    retry: options.retry,
    maxRetryAfter: limitOf(options.maxRetryAfter ?? defaults.maxRetryAfter),
    maxResponseSize: options.maxResponseSize ?? defaults.maxResponseSize,
    strict: options.strict ?? defaults.strict,
  };
}

/** The client's settings with a call's options in their place. */
export function callSettings(
  client: CallSettings,
  options: CallOptions | undefined,
  operation?: Pick<AnyOperation, 'readTimeout'>,
): CallSettings {
  const slow = client.readTimeoutIsDefault === true ? operation?.readTimeout : undefined;
  if (options === undefined) return slow === undefined ? client : { ...client, ...timeouts({}, client, slow) };
  checkOptions(options, callRules);
  if (client.gateway !== undefined) refuseBesideGateway(options);
  return {
    ...client,
    regionId: options.regionId ?? client.regionId,
    endpoint: options.endpoint === undefined ? client.endpoint : parseEndpoint(options.endpoint, client.scheme),
    credentials: options.credentials ?? client.credentials,
    ...timeouts(options, client, slow),
    deadline: options.deadline ?? client.deadline,
    retry: options.retry ?? client.retry,
    maxRetryAfter: options.maxRetryAfter === undefined ? client.maxRetryAfter : limitOf(options.maxRetryAfter),
    strict: options.strict ?? client.strict,
  };
}

/** 0 is none. */
function limitOf(milliseconds: number): number {
  return milliseconds === 0 ? Infinity : milliseconds;
}

type Timeouts = Pick<CallSettings, 'connectTimeout' | 'readTimeout' | 'readTimeoutIsDefault' | 'timeout'>;

/**
 * A `timeout` is the only limit of an attempt where it comes alone, and so is a `deadline` once there is a connection. Where
 * neither is given, an attempt may take as long as its parts together. `slow` is the operation's own read timeout.
 */
function timeouts(
  { connectTimeout: connect, readTimeout: read, timeout, deadline = 0 }: CallOptions,
  base: Omit<Timeouts, 'timeout'> & Partial<Timeouts>,
  slow?: number,
): Timeouts {
  if (timeout !== undefined) return { connectTimeout: connect ?? 0, readTimeout: read ?? 0, timeout };
  const isDefault = read === undefined ? base.readTimeoutIsDefault : undefined;
  const connectTimeout = connect ?? base.connectTimeout;
  const readTimeout =
    read ?? (isDefault === undefined ? base.readTimeout : deadline > 0 ? 0 : (slow ?? base.readTimeout));
  const isDerived = base.timeout === undefined || base.timeout === together(base.connectTimeout, base.readTimeout);
  return {
    connectTimeout,
    readTimeout,
    readTimeoutIsDefault: deadline > 0 ? undefined : isDefault,
    timeout: isDerived ? together(connectTimeout, readTimeout) : base.timeout,
  };
}

const anything: Rule = { expected: 'anything', fits: () => true };

function together(connectTimeout: number, readTimeout: number): number {
  return connectTimeout === 0 || readTimeout === 0 ? 0 : Math.min(connectTimeout + readTimeout, longestTimeout);
}

const functions: Rule = {
  expected: 'an array of functions',
  fits: (value) => Array.isArray(value) && value.every((each) => typeof each === 'function'),
};

const shared: Rules<ClientOptions | CallOptions> = {
  regionId: checkRegionId,
  endpoint: ofType('string'),
  credentials: ofType('function', 'a function, such as accessKey(id, secret) gives'),
  connectTimeout: milliseconds,
  readTimeout: milliseconds,
  timeout: milliseconds,
  deadline: milliseconds,
  retry: checkRetry,
  maxRetryAfter: milliseconds,
  strict: ofType('boolean'),
};

const rateLimiter: Rule = {
  expected: 'false or a RateLimiter',
  fits: (value) => value === false || (isObject(value) && typeof value.idle === 'boolean'),
};

/** The sizes of a pool that is told them. */
export const sizeRules: Rules<{ poolSize: number; maxTaskQueueSize: number }> = {
  poolSize: integerFrom(1),
  maxTaskQueueSize: integerFrom(0),
};

const ownSize = withMethod('govern');

export const asyncRules: Rules<AsyncOptions & Pick<ClientOptions, 'poolSize' | 'maxTaskQueueSize'>> = {
  ...sizeRules,
  poolSize: (value, path) => checkOption(path, value, ownSize.fits(value) ? ownSize : sizeRules.poolSize),
  queue: withMethod('open', 'a queue of rx-alicloud/queues, such as fair(…) gives'),
};

const clientRules: Rules<ClientOptions> = {
  ...shared,
  gateway: ofType('string'),
  allowAccessKeyInBrowser: ofType('boolean'),
  network: checkNetwork,
  endpoints: checkEndpoints,
  scheme: oneOf('https', 'http'),
  locationService: ofType('boolean'),
  signature: oneOf('V3', 'V1'),
  rateLimiter,
  interceptors: functions,
  attemptInterceptors: functions,
  ...connectionRules,
  maxResponseSize: integerFrom(0),
  enableAsync: ofType('boolean'),
  ...asyncRules,
  dispatcher: withMethod('open', 'what bullmqDispatcher(…) gives'),
  logger: ofType('function', 'a function, such as lineLogger() gives'),
  userAgent: {
    expected: 'text on one line, in Latin-1',
    fits: (value) => typeof value === 'string' && isHeaderValue(value),
  },
  transport: withMethod('send', undefined, ['stream', 'closeIdle']),
  axios: withMethod('request', 'an axios instance'),
  clock: ofType('function'),
  nonce: ofType('function'),
};

export const callRules: Rules<CallOptions> = {
  ...shared,
  tag: anything,
  headers: plainObject,
  query: plainObject,
  observe: oneOf('body', 'response', 'stream', 'events'),
};

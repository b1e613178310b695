/** What `provideAlicloud` can be told beside the options: a function each, so that an app's bundle has what it names. */
import type { ClientOptions } from '../client-options.js';
import type { CredentialsProvider } from '../credentials/credentials.js';
import type { AttemptInterceptor, CallInterceptor } from '../interceptor.js';
import { checkOption, checkOptions, integerFrom, ofType, withMethod, type Rules } from '../schema/options.js';
import type { Transport } from '../transport/transport.js';

/** What a feature is about: two of one kind are refused. */
export type AlicloudFeatureKind =
  | 'withAsync'
  | 'withAttemptInterceptors'
  | 'withCredentials'
  | 'withGateway'
  | 'withHttpClient'
  | 'withInterceptors'
  | 'withTransport';

/** What a function `with…` gives. */
export interface AlicloudFeature<Kind extends AlicloudFeatureKind = AlicloudFeatureKind> {
  readonly kind: Kind;
  /** What it adds to the options of the clients. */
  readonly options: FeatureOptions;
}

/** The options of a client that are features here. */
export type FeatureOptions = Pick<
  ClientOptions,
  | 'attemptInterceptors'
  | 'credentials'
  | 'enableAsync'
  | 'gateway'
  | 'interceptors'
  | 'maxTaskQueueSize'
  | 'poolSize'
  | 'queue'
  | 'transport'
>;

/** The sizes of the pool, and its queue. */
export type AlicloudAsyncOptions = Pick<ClientOptions, 'poolSize' | 'maxTaskQueueSize' | 'queue'>;

/**
 * Calls go to a gateway, which has the key and sends them on: the page needs none.
 *
 * @param url a path of the app's own origin, such as `/api/alicloud`, or a URL
 */
export function withGateway(url: string): AlicloudFeature<'withGateway'> {
  checkOption('withGateway(url)', url, ofType('string', "a path such as '/api/alicloud', or a URL"));
  return { kind: 'withGateway', options: { gateway: url } };
}

/**
 * Calls go to the cloud itself, signed in the page: only for temporary credentials of somebody who may have them. The
 * provider is asked in the app's injection context, so that it may `inject`.
 *
 * @example
 * const feature = withCredentials(() => inject(HttpClient).get<Credentials>('/api/sts'));
 */
export function withCredentials(credentials: CredentialsProvider): AlicloudFeature<'withCredentials'> {
  checkOption('withCredentials(credentials)', credentials, ofType('function', 'a function that gives credentials'));
  return { kind: 'withCredentials', options: { credentials } };
}

/**
 * The async mode: all clients of the app share one pool, and one queue before it.
 *
 * @example
 * const feature = withAsync({ poolSize: 6, maxTaskQueueSize: 1000 });
 */
export function withAsync(options: AlicloudAsyncOptions = {}): AlicloudFeature<'withAsync'> {
  checkOptions(options, asyncFeature, 'withAsync.');
  return { kind: 'withAsync', options: { ...options, enableAsync: true } };
}

/** Stands around each call, the first outermost. They and the handlers that they give run in the app's injection context. */
export function withInterceptors(...interceptors: readonly CallInterceptor[]): AlicloudFeature<'withInterceptors'> {
  for (const each of interceptors) checkOption('withInterceptors(…)', each, ofType('function'));
  return { kind: 'withInterceptors', options: { interceptors } };
}

/** Stands around each attempt, the first outermost; in the app's injection context, too. */
export function withAttemptInterceptors(
  ...attemptInterceptors: readonly AttemptInterceptor[]
): AlicloudFeature<'withAttemptInterceptors'> {
  for (const each of attemptInterceptors) checkOption('withAttemptInterceptors(…)', each, ofType('function'));
  return { kind: 'withAttemptInterceptors', options: { attemptInterceptors } };
}

/**
 * Signed calls over Angular's `HttpClient`, too, so that the app's interceptors see them. Those to a gateway need no mention:
 * they go that way. What an interceptor adds must not be what is signed: `host`, `content-type`, `x-acs-…`.
 */
export function withHttpClient(): AlicloudFeature<'withHttpClient'> {
  return { kind: 'withHttpClient', options: {} };
}

/** Calls go over a transport of your own, and pass `HttpClient` by: no interceptor of the app sees them. */
export function withTransport(transport: Transport): AlicloudFeature<'withTransport'> {
  checkOption('withTransport(transport)', transport, withMethod('send'));
  return { kind: 'withTransport', options: { transport } };
}

const asyncFeature: Rules<AlicloudAsyncOptions> = {
  poolSize: (value, path) => {
    if (!withMethod('govern').fits(value)) checkOption(path, value, integerFrom(1));
  },
  maxTaskQueueSize: integerFrom(0),
  queue: withMethod('open', 'a queue of rx-alicloud/queues, such as fair(…) gives'),
};

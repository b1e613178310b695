/** The public names of `rx-alicloud`. */
export { AlicloudClient, defineClient } from './client.js';
export type {
  BodyOptions,
  Call,
  CallWithCallback,
  CallWithChan,
  Callback,
  Client,
  ClientClass,
  EventOptions,
  FullResponseOptions,
  RequestArguments,
  StreamOptions,
} from './client.js';
export { Config } from './config.js';
export type { CallOptions } from './call-options.js';
export type { AsyncOptions, ClientOptions, Network, QueuedCall, RemoteDispatcher, Scheme } from './client-options.js';
export { accessKey, bearerToken, idToken, stsToken } from './credentials/credentials.js';
export type {
  AccessKeyCredentials,
  BearerTokenCredentials,
  Credentials,
  CredentialsProvider,
  IdTokenCredentials,
} from './credentials/credentials.js';
export {
  AlicloudError,
  AsyncQueueFullError,
  AsyncQueueTimeoutError,
  ClientError,
  ConfigurationError,
  InvalidRequestError,
  InvalidResponseError,
  NetworkError,
  NotSettledError,
  ServerError,
  TimeoutError,
  WaitFailedError,
  WaitTimeoutError,
  isAlicloudError,
  isClientError,
  isServerError,
} from './errors.js';
export { callSites } from './call-sites.js';
export { failureKindOf, isRetryable } from './retry/is-retryable.js';
export type {
  AlicloudErrorOptions,
  Attempt,
  ClientErrorCode,
  ClientErrorOf,
  ErrorKind,
  ErrorsByCode,
  ValidationIssue,
  ServerErrorFacts,
  ServerErrorOf,
  SignatureDifference,
  SignatureMismatch,
  SignedPart,
  TimeoutFacts,
  TimeoutPhase,
  TimeSpent,
  WaitFacts,
} from './errors.js';
export type {
  ResponseEvent,
  AttemptEvent,
  CallEvent,
  CallFacts,
  CancelledEvent,
  ClientStats,
  DriftedEvent,
  FailedEvent,
  FinishedEvent,
  QueuedEvent,
  RefusedEvent,
  RetriedEvent,
  ShownRequest,
  ShownResponse,
  StartedEvent,
  ThrottledEvent,
} from './events/events.js';
export type { StatsOptions } from './events/stats.js';
export type {
  AttemptHandler,
  AttemptInterceptor,
  AttemptRequest,
  CallHandler,
  CallInterceptor,
  CallRequest,
  InterceptedClient,
} from './interceptor.js';
export { RateLimiter } from './throttling/rate-limiter.js';
export type { RateLimiterOptions } from './throttling/rate-limiter.js';
export type { LimitedCall, LimitKeyPart, LimitOptions, LimitRate } from './throttling/limit-options.js';
export type { RateLimitStore } from './throttling/store.js';
export { lineLogger } from './logging/logger.js';
export type { LineLoggerOptions, Logger } from './logging/logger.js';
export type { Failure, FailureKind, Retry, RetryOptions, RetryPolicy } from './retry/failure.js';
export { boundedMergeMap } from './async/bounded-merge-map.js';
export type { BoundedMergeMapOptions, QueuePlace } from './async/bounded-merge-map.js';
export { mergeMapFrom } from './async/merge-map-from.js';
export type { Page } from './paging/page.js';
export type { PagesOptions } from './paging/options.js';
export type { Channel } from './async/channel.js';
export type { QueueDepth } from './async/dispatcher.js';
export type { ShutdownOptions } from './async/shutdown-options.js';
export { parseJson, stringifyJson } from './schema/json.js';
export type { EndpointOverrides } from './endpoint/overrides.js';
export type { FullResponse, HttpEvent, ResponseHead, ServerSentEvent, UploadProgress } from './http-event.js';
export type { UntypedRequest } from './codec/untyped.js';
export type {
  AnyOperation,
  BlobLike,
  BodyType,
  Content,
  ContentStream,
  Endpoints,
  HttpMethod,
  NoContent,
  Operation,
  PagedOperation,
  Protocol,
  RequestOf,
  ResponseOf,
  ResponseType,
  Service,
  ServiceDefinition,
  Upload,
} from './service.js';
export type { HttpHead, HttpRequest, HttpResponse, RequestedCall, Transport } from './transport/transport.js';

import type { CredentialsProvider } from './credentials/credentials.js';
import type { Retry } from './retry/failure.js';

/** What can be said for one call. */
export interface CallOptions {
  /** In place of the client's, and of the request's `RegionId`. @default the client's */
  readonly regionId?: string | undefined;
  /** In place of the client's. @default the client's */
  readonly endpoint?: string | undefined;
  /** In place of the client's. @default the client's */
  readonly credentials?: CredentialsProvider | undefined;
  /** In place of the client's, in milliseconds, >= 0. @default the client's, or none where `timeout` is given */
  readonly connectTimeout?: number | undefined;
  /** In place of the client's, in milliseconds, >= 0. @default the client's, or the operation's own, or none where `timeout` is given */
  readonly readTimeout?: number | undefined;
  /** In place of the client's, in milliseconds, >= 0. @default the client's */
  readonly timeout?: number | undefined;
  /** In place of the client's, in milliseconds, >= 0. @default the client's */
  readonly deadline?: number | undefined;
  /** In place of the client's. What it does not say, the SDK's defaults do. @default the client's */
  readonly retry?: Retry | undefined;
  /** In place of the client's, in milliseconds, >= 0. @default the client's */
  readonly maxRetryAfter?: number | undefined;
  /** In place of the client's. @default the client's */
  readonly strict?: boolean | undefined;
  /**
   * Whatever is to go with the call, such as the tenant that it is made for: queues and interceptors see it as `options.tag`;
   * it is not sent.
   * @default none
   */
  readonly tag?: unknown;
  /** Headers to add; those that the operation itself sets win. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Query parameters to add; those that the operation itself sets win. @default none */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /**
   * What the call emits. `body`: the response. `response`: that, with the HTTP status, the headers and the attempts around it.
   * `stream`, where the response is bytes: each piece as it comes. `events`: all that becomes of the call, each an
   * `HttpEvent`.
   * @default 'body'
   */
  readonly observe?: 'body' | 'response' | 'stream' | 'events' | undefined;
}

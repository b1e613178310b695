import type { CredentialsProvider } from './credentials/credentials.js';
import type { Retry } from './retry/failure.js';

/** What can be said for one call. */
export interface CallOptions {
  /** In place of the client's. */
  readonly regionId?: string | undefined;
  /** In place of the client's. */
  readonly endpoint?: string | undefined;
  /** In place of the client's. */
  readonly credentials?: CredentialsProvider | undefined;
  /** In place of the client's, in milliseconds. */
  readonly connectTimeout?: number | undefined;
  /** In place of the client's, in milliseconds. */
  readonly readTimeout?: number | undefined;
  /** In place of the client's, in milliseconds. */
  readonly timeout?: number | undefined;
  /** In place of the client's, in milliseconds. */
  readonly deadline?: number | undefined;
  /** In place of the client's. What it does not say, the SDK's defaults do. */
  readonly retry?: Retry | undefined;
  /** In place of the client's, in milliseconds. */
  readonly maxRetryAfter?: number | undefined;
  /** In place of the client's. */
  readonly strict?: boolean | undefined;
  /** Headers to add; those that the operation itself sets win. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Query parameters to add; those that the operation itself sets win. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /**
   * `response` emits the HTTP status and headers with the body; `stream`, where the response is bytes, emits them piece
   * by piece as they come; `events` emits all that becomes of the call, the progress of its uploads too.
   * @default 'body'
   */
  readonly observe?: 'body' | 'response' | 'stream' | 'events' | undefined;
}

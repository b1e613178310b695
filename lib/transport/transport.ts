import type { Observable } from 'rxjs';
import type { AnyOperation } from '../service.js';

export interface HttpRequest {
  readonly method: string;
  /** With the query in it, percent-encoded. Absolute, but for a client whose `gateway` is a path: then it is such a path, without a host. */
  readonly url: string;
  /** Names in lower case. `host` isn't among them: it follows from the URL. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** `bytes`: the response's body is wanted as bytes. @default 'text' */
  readonly responseType?: 'text' | 'bytes' | undefined;
  /** How long to wait for a connection, in milliseconds. 0 or absent: no limit. The error is a `TimeoutError`, phase `connect`. */
  readonly connectTimeout?: number | undefined;
  /** How long to wait for the next byte of the answer, in milliseconds. 0 or absent: no limit. The error is a `TimeoutError`, phase `read`. */
  readonly readTimeout?: number | undefined;
  /** The longest answer to take, in bytes after decompression. 0 or absent: no limit. The error is `SDK.ResponseTooLarge`. */
  readonly maxResponseSize?: number | undefined;
  /** Of a body that is wanted as it comes: asked after each piece; the next is not read before what it gives has resolved. */
  readonly waitForReader?: (() => Promise<void> | undefined) | undefined;
  /** Told how many bytes of the body have been sent, as often as that is known. */
  readonly onUploaded?: ((bytes: number) => void) | undefined;
  /** The call that it is sent for. It is no part of what is sent. */
  readonly call?: RequestedCall | undefined;
  /**
   * What tells this attempt from all others: the nonce that is signed, or the id that a gateway knows it by, which is kept
   * where an attempt is repeated whose answer was lost.
   */
  readonly attemptId?: string | undefined;
}

/** What is asked for: the operation's descriptor, and the request as the caller has given it, secrets and all. */
export interface RequestedCall {
  readonly operation: AnyOperation;
  readonly request: unknown;
}

/** What comes before the body of a response. */
export interface HttpHead {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpResponse extends HttpHead {
  /** The whole body as text; empty where bytes were wanted. */
  readonly body: string;
  /** The whole body, where bytes were wanted. */
  readonly bytes?: Uint8Array | undefined;
}

/**
 * Carries requests. `send` is cold: each subscription is one request, which emits the response once, whatever its
 * status, or errors with an `SDK.NetworkError`; unsubscribing aborts the request and closes its connection.
 */
export interface Transport {
  send(request: HttpRequest): Observable<HttpResponse>;
  /**
   * As `send`, for a body that is wanted as it comes: emits the head, then the body's pieces, and completes after the
   * last. Only operations that answer with events need it, and calls with `observe: 'stream'`.
   */
  stream?(request: HttpRequest): Observable<HttpHead | Uint8Array>;
  /** Closes the connections that no request uses. Requests in flight go on, and new ones may follow. */
  closeIdle?(): void;
  /**
   * Begins an attempt as soon as there is a connection for it. What waits has not begun: nothing of it is signed, and
   * its `timeout` does not count. Absent: each is begun at once.
   */
  admit?<T>(origin: string, start: () => Observable<T>): Observable<T>;
  /** Told how many requests there may be at a time, when the async mode is turned on. */
  reserve?(requests: number): void;
}

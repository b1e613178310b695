import type { Observable } from 'rxjs';

export interface HttpRequest {
  readonly method: string;
  /** Absolute, with the query in it, percent-encoded. */
  readonly url: string;
  /** Names in lower case. `host` isn't among them: it follows from the URL. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body as text. */
  readonly body: string;
}

/**
 * Carries requests. `send` is cold: each subscription is one request, which emits the response once, whatever its
 * status, or errors with an `SDK.NetworkError`; unsubscribing aborts the request and closes its connection.
 */
export interface Transport {
  send(request: HttpRequest): Observable<HttpResponse>;
  /** Closes the connections that no request uses. Requests under way go on, and new ones may follow. */
  closeIdle?(): void;
}

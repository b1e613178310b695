/** What a gateway refuses by itself, and how it says so. */

/** The codes of a gateway's own. A client sees them as the `code` of a `ServerError`. */
export type GatewayErrorCode =
  /** HTTP 400. The request is malformed, or not what the operation takes: the message names the fields. */
  | 'Gateway.InvalidRequest'
  /** HTTP 401. `authorize` has given no session. */
  | 'Gateway.Unauthenticated'
  /** HTTP 403. `authorize` or `permit` has refused, a field has not the value that its limit wants, or a region is not one of those allowed. */
  | 'Gateway.Forbidden'
  /** HTTP 403. The operation is not in `allow`, or not in that of the session. */
  | 'Gateway.OperationNotAllowed'
  /** HTTP 403. The page is of an origin that is not in `origins`. */
  | 'Gateway.OriginNotAllowed'
  /** HTTP 404. The path is not one of an operation. */
  | 'Gateway.NotFound'
  /** HTTP 405. The method is not POST. */
  | 'Gateway.MethodNotAllowed'
  /** HTTP 408. The body came too slowly. */
  | 'Gateway.RequestTimeout'
  /** HTTP 409. The session has made another request with this id of an attempt. */
  | 'Gateway.AttemptMismatch'
  /** HTTP 409. The attempt was made, or may have been, and its answer is not to be had: it was too long to be kept, or the gateway that was making it is gone. */
  | 'Gateway.AttemptUnknown'
  /** HTTP 413. The body is too long. */
  | 'Gateway.RequestTooLarge'
  /** HTTP 415. The content type is none of a call, or the body is compressed. */
  | 'Gateway.UnsupportedMediaType'
  /** HTTP 421. The host is not in `hosts`. */
  | 'Gateway.HostNotAllowed'
  /** HTTP 429. The session has made too many requests, or has too many under way. `retry-after` says when there is room again. */
  | 'Gateway.TooManyRequests'
  /** HTTP 431. The headers are too long. An adapter's. */
  | 'Gateway.HeadersTooLarge'
  /** HTTP 500. Something has failed in the gateway: `warn` is told what. */
  | 'Gateway.InternalError'
  /** HTTP 502. The service could not be reached, its answer not be read, or it has refused the gateway's own key. */
  | 'Gateway.UpstreamFailed'
  /** HTTP 502. The answer of the service is too long. */
  | 'Gateway.ResponseTooLarge'
  /** HTTP 503. The pool and its queue are full, the gateway is closing, or attempts can't be remembered. `retry-after` says when to come again. */
  | 'Gateway.Overloaded'
  /** HTTP 504. The service did not answer in time. */
  | 'Gateway.UpstreamTimeout';

/** Each code with its HTTP status. */
export const refusalStatuses: Readonly<Record<GatewayErrorCode, number>> = {
  'Gateway.InvalidRequest': 400,
  'Gateway.Unauthenticated': 401,
  'Gateway.Forbidden': 403,
  'Gateway.OperationNotAllowed': 403,
  'Gateway.OriginNotAllowed': 403,
  'Gateway.NotFound': 404,
  'Gateway.MethodNotAllowed': 405,
  'Gateway.RequestTimeout': 408,
  'Gateway.AttemptMismatch': 409,
  'Gateway.AttemptUnknown': 409,
  'Gateway.RequestTooLarge': 413,
  'Gateway.UnsupportedMediaType': 415,
  'Gateway.HostNotAllowed': 421,
  'Gateway.TooManyRequests': 429,
  'Gateway.HeadersTooLarge': 431,
  'Gateway.InternalError': 500,
  'Gateway.UpstreamFailed': 502,
  'Gateway.ResponseTooLarge': 502,
  'Gateway.Overloaded': 503,
  'Gateway.UpstreamTimeout': 504,
};

/** What an adapter refuses by itself. */
export type AdapterRefusal =
  | 'Gateway.InvalidRequest'
  | 'Gateway.HeadersTooLarge'
  | 'Gateway.RequestTimeout'
  | 'Gateway.Overloaded'
  | 'Gateway.InternalError';

/** Thrown on a request's way, and answered. Its message is for the caller: nothing of the inside is in it. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';

  constructor(
    readonly code: GatewayErrorCode,
    message: string,
    /** When it may be tried again, in milliseconds. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** A request that is not what it should be. */
export function invalid(message: string): GatewayRefusal {
  return new GatewayRefusal('Gateway.InvalidRequest', message);
}

/** What a gateway refuses by itself, and how it says so. */

/** Each code with its HTTP status. */
export const refusalStatuses = {
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
} as const;

/** The codes of a gateway's own. A client sees them as the `code` of a `ServerError`. */
export type GatewayErrorCode = keyof typeof refusalStatuses;

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

import { isClientError, TimeoutError, type AlicloudError } from '../errors.js';
import type { CallRequest } from '../interceptor.js';
import type { AnyOperation } from '../service.js';
import type { Timeline } from './timeline.js';

/** What an error says of its call. */
export interface CallDetails extends Pick<CallRequest, 'request' | 'options'> {
  /** The operation that was asked for. */
  readonly asked: AnyOperation;
  readonly settings: { readonly regionId?: string | undefined };
  readonly timeline: Timeline;
}

/**
 * The error that a call ends in: which call it was, what became of its attempts, and of a timeout where the time went. One
 * that is of another call, such as one for credentials, has said so already.
 */
export function withCallDetails(call: CallDetails, error: AlicloudError): AlicloudError {
  const described = detailedTimeout(call, error);
  const { attempts } = call.timeline;
  if (attempts.length > 0) described.attempts ??= attempts;
  const { asked, request, options, settings } = call;
  return withCall(described, { operation: asked, request, options }, settings.regionId);
}

/** Says which call the error is of, in its fields and in its message. `regionId` is the client's. */
export function withCall(
  error: AlicloudError,
  { operation: { action, service }, request, options }: CallRequest,
  regionId?: string,
): AlicloudError {
  if (error.product !== undefined) return error;
  const { product } = service;
  const region = regionOf(request, options, regionId);
  const call = [error.code, `${product} ${action}`, region].filter((part) => part !== undefined).join(', ');
  return Object.assign(error, {
    product,
    action: error.action ?? action,
    ...(region === undefined ? {} : { regionId: region }),
    message: `${error.message} (${call})`,
  });
}

/** Of a call that may not have been encoded yet. `regionId` is the client's. */
export function regionOf(
  request: unknown,
  options: CallRequest['options'],
  regionId: string | undefined,
): string | undefined {
  const { RegionId: own } = (request ?? {}) as { readonly RegionId?: unknown };
  return options?.regionId ?? (typeof own === 'string' && own !== '' ? own : regionId);
}

function detailedTimeout({ asked: { action }, timeline }: CallDetails, error: AlicloudError): AlicloudError {
  // One that comes from elsewhere, such as from a call for credentials, has said what there is to say.
  if (!isClientError(error, 'SDK.Timeout') || error.spent !== undefined || (error.action ?? action) !== action)
    return error;
  const { phase, timeout, origin } = error;
  return new TimeoutError({ phase, timeout, origin, action, spent: { ...timeline.spent } });
}

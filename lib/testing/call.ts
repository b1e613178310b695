/** What a handler is told of a call. */
import { apiError } from './api-error.js';
import type { StoredCredentials } from './credentials.js';
import { decodeRequest } from './decode-request.js';
import type { Call } from './handlers.js';
import type { CompiledOperation } from './operations.js';
import { withRequestId } from './replies.js';
import type { ParsedRequest } from './wire.js';

export interface CallFacts {
  readonly caller: StoredCredentials | undefined;
  readonly requestId: string;
  /** The emulator's clock, in ms. */
  readonly now: number;
  /** Those that exist. */
  readonly regions: readonly string[];
}

/** Throws as the service refuses where the request isn't one of this operation. */
export function callOf(
  operation: CompiledOperation,
  wire: ParsedRequest,
  { caller, requestId, now, regions }: CallFacts,
): Call<never, never> {
  const request = decodeRequest(operation, wire);
  const { action, service } = operation.descriptor;
  return {
    // The tables that decoded it are those of the types: what is made here is what the handler's types say.
    request: request as never,
    action,
    service,
    regionId: regionOf(request, wire, regions),
    requestId,
    accessKeyId: caller?.accessKeyId,
    role: caller?.role,
    headers: wire.headers,
    now,
    sample: () => structuredClone(withRequestId(operation, operation.sample(request), requestId)) as never,
  };
}

function regionOf(request: Record<string, unknown>, { headers }: ParsedRequest, regions: readonly string[]): string {
  const given = request.RegionId;
  if (typeof given !== 'string') {
    const labels = headers.host?.split('.') ?? [];
    return labels.find((label) => regions.includes(label)) ?? regions[0] ?? '';
  }
  if (!regions.includes(given)) {
    throw apiError(404, 'InvalidRegionId.NotFound', `The specified RegionId does not exist: ${given}.`);
  }
  return given;
}

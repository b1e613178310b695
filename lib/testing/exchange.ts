/** One request's whole way through the emulator, the same for both of its wires. */
import {
  catchError,
  defaultIfEmpty,
  defer,
  delay,
  finalize,
  from,
  map,
  of,
  switchMap,
  take,
  type Observable,
} from 'rxjs';
import { isServerError, type ServerError } from '../errors.js';
import { apiError, missingParameter } from './api-error.js';
import type { StoredCredentials } from './credentials.js';
import { decodeRequest } from './decode-request.js';
import { distort, isExecuted, type Faults } from './faults.js';
import { toAnswer, type Call, type Handlers } from './handlers.js';
import type { Ids } from './ids.js';
import { isObjectPost, type ObjectStore } from './objects.js';
import type { CompiledOperation, Operations } from './operations.js';
import { dateHeader, errorReply, eventsReply, successReply, withRequestId } from './replies.js';
import type { Gate } from './verify.js';
import { parameter, parseRequest, type ParsedRequest, type Reply, type WireRequest } from './wire.js';

export interface Parts {
  readonly clock: () => number;
  readonly latency: () => number;
  readonly regions: readonly string[];
  readonly ids: Ids;
  readonly operations: Operations;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly handlers: Handlers;
  readonly objects: ObjectStore;
  readonly counters: Counters;
}

/** How many calls were executed, by action; how many are being answered. */
export interface Counters {
  readonly executed: Map<string, number>;
  active: number;
  peak: number;
}

/** Cold: each subscription is one request, answered once, and never with an error. */
export type Exchange = (request: WireRequest) => Observable<Reply>;

export function createExchange(parts: Parts): Exchange {
  return (wire) =>
    defer(() => {
      const requestId = parts.ids.uuid();
      const now = parts.clock();
      const latency = parts.latency();
      enter(parts.counters);
      const reply = defer(() => answer(parts, parseRequest(wire), requestId, now)).pipe(
        catchError((error: unknown) => of(errorReply(toServerError(error), wire, requestId))),
      );
      // `delay(0)` would cost a turn of the timers.
      return (latency > 0 ? reply.pipe(delay(latency)) : reply).pipe(
        map((reply) => ({ ...reply, headers: { ...reply.headers, date: dateHeader(parts.clock()) } })),
        finalize(() => parts.counters.active--),
      );
    });
}

function enter(counters: Counters): void {
  counters.active++;
  counters.peak = Math.max(counters.peak, counters.active);
}

function answer(parts: Parts, request: ParsedRequest, requestId: string, now: number): Observable<Reply> {
  if (isObjectPost(request)) return of(parts.objects.post(request, requestId));
  const version = request.headers['x-acs-version'] ?? parameter(request.query, 'Version');
  const action = request.headers['x-acs-action'] ?? parameter(request.query, 'Action');
  if (action === undefined) throw missingParameter('x-acs-action');
  if (version === undefined) throw missingParameter('x-acs-version');
  return from(parts.operations.find(version, action, request)).pipe(
    switchMap((operation) => {
      if (operation === undefined) throw noSuchAction(action, version);
      return execute(parts, operation, request, requestId, now);
    }),
  );
}

function execute(
  parts: Parts,
  operation: CompiledOperation,
  request: ParsedRequest,
  requestId: string,
  now: number,
): Observable<Reply> {
  const caller = parts.gate.admit(request, operation.descriptor, now);
  const call = callOf(parts, operation, request, { caller, requestId, now });
  const { action } = operation.descriptor;

  const fault = parts.faults.strike(action);
  if (fault !== undefined && !isExecuted(fault)) return of(distort(fault, undefined));

  const { executed } = parts.counters;
  executed.set(action, (executed.get(action) ?? 0) + 1);
  const handler = parts.handlers.find(operation);
  const made =
    handler === undefined ? of(withRequestId(operation, operation.sample(), requestId)) : toAnswer(handler(call));
  const reply =
    operation.descriptor.responseType === 'events'
      ? of(eventsReply(operation, made, requestId))
      : made.pipe(
          take(1),
          defaultIfEmpty(undefined),
          map((body) => successReply(operation, body, requestId)),
        );
  return reply.pipe(map((reply) => (fault === undefined ? reply : distort(fault, reply))));
}

interface Circumstances {
  readonly caller: StoredCredentials | undefined;
  readonly requestId: string;
  readonly now: number;
}

function callOf(
  { regions }: Parts,
  operation: CompiledOperation,
  wire: ParsedRequest,
  { caller, requestId, now }: Circumstances,
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
    sample: () => structuredClone(withRequestId(operation, operation.sample(), requestId)) as never,
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

function noSuchAction(action: string, version: string): ServerError {
  return apiError(
    404,
    'InvalidAction.NotFound',
    `Specified api is not found, please check your url and method: no ${action} in version ${version}.`,
  );
}

/** A handler's own mistake is shown to whoever wrote it. */
function toServerError(error: unknown): ServerError {
  if (isServerError(error)) return error;
  return apiError(500, 'InternalError', error instanceof Error ? error.message : String(error));
}

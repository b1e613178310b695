/** One request's whole way through the emulator, the same for both of its wires. */
import {
  asapScheduler,
  catchError,
  defaultIfEmpty,
  defer,
  delay,
  finalize,
  map,
  of,
  scheduled,
  switchMap,
  take,
  type Observable,
} from 'rxjs';
import { isServerError, type ServerError } from '../errors.js';
import { apiError } from './api-error.js';
import { callOf } from './call.js';
import { distort, isExecuted, type Faults } from './faults.js';
import type { Ids } from './ids.js';
import { isObjectPost, type ObjectStore } from './objects.js';
import type { CompiledOperation, Operations } from './operations.js';
import type { Perform } from './perform.js';
import { commonParametersOf, type CommonParameters } from './common-parameters.js';
import type { RateLimiter } from './rate-limit.js';
import { dateHeader, errorReply, eventsReply, successReply } from './replies.js';
import type { Gate } from './verify.js';
import { parseRequest, type ParsedRequest, type Reply, type WireRequest } from './wire.js';

export interface Parts {
  readonly clock: () => number;
  readonly latency: () => number;
  readonly regions: readonly string[];
  readonly ids: Ids;
  readonly operations: Operations;
  readonly gate: Gate;
  readonly faults: Pick<Faults, 'strike'>;
  readonly objects: ObjectStore;
  /** In bytes. */
  readonly maxRequestSize: number;
  readonly rateLimiter: RateLimiter;
  readonly perform: Perform;
  readonly counters: Counters;
}

/** How many requests are being answered; what they were refused or spoilt by, and how often. */
export interface Counters {
  readonly injectedFaults: Map<string, number>;
  active: number;
  peak: number;
}

/** Cold: each subscription is one request, answered once, and never with an error. */
export type RequestHandler = (request: WireRequest) => Observable<Reply>;

export function createRequestHandler(parts: Parts): RequestHandler {
  return (wire) =>
    defer(() => {
      const requestId = parts.ids.uuid();
      const now = parts.clock();
      const latency = parts.latency();
      enter(parts.counters);
      // Never within `subscribe`, as no network answers there: a microtask, or no time at all in virtual time.
      const reply = scheduled([wire], asapScheduler).pipe(
        switchMap((wire) => {
          if (sizeOf(wire) > parts.maxRequestSize) throw tooLarge(parts.maxRequestSize);
          return answer(parts, parseRequest(wire), requestId, now);
        }),
        catchError((error: unknown) => of(errorReply(toServerError(error), wire, requestId))),
      );
      // `delay(0)` would cost a turn of the timers.
      return (latency > 0 ? reply.pipe(delay(latency)) : reply).pipe(
        map((reply) => ({ ...reply, headers: { ...reply.headers, date: dateHeader(parts.clock()) } })),
        finalize(() => parts.counters.active--),
      );
    });
}

function sizeOf({ body }: WireRequest): number {
  return typeof body === 'string' ? new TextEncoder().encode(body).length : body.length;
}

function tooLarge(limit: number): ServerError {
  return apiError(
    413,
    'RequestEntityTooLarge',
    `The body of the request is too large: expected at most ${limit} bytes.`,
  );
}

function enter(counters: Counters): void {
  counters.active++;
  counters.peak = Math.max(counters.peak, counters.active);
}

function answer(parts: Parts, request: ParsedRequest, requestId: string, now: number): Observable<Reply> {
  if (isObjectPost(request)) return of(parts.objects.post(request, requestId));
  const common = commonParametersOf(request);
  const [action, version] = [common.action(), common.version()];
  return parts.operations.find(version, action, request).pipe(
    switchMap((operation) => {
      if (operation === undefined) throw noSuchAction(action, version);
      return execute(parts, operation, { request, common, requestId, now });
    }),
  );
}

/** What comes with one request. */
interface Incoming {
  readonly request: ParsedRequest;
  readonly common: CommonParameters;
  readonly requestId: string;
  readonly now: number;
}

function execute(
  parts: Parts,
  operation: CompiledOperation,
  { request, common, requestId, now }: Incoming,
): Observable<Reply> {
  const caller = parts.gate.admit(request, common, operation, now);
  const call = callOf(operation, request, { caller, requestId, now, regions: parts.regions });
  const { action } = operation.descriptor;
  const account = caller?.account ?? '';
  const limits = limited(parts, account, operation, now);

  const fault = parts.faults.strike(action);
  if (fault !== undefined) count(parts.counters.injectedFaults, fault.kind);
  if (fault !== undefined && !isExecuted(fault)) return of(distort(fault, undefined, now));

  const made = parts.perform(operation, call, account);
  const reply =
    operation.descriptor.responseType === 'events'
      ? of(eventsReply(operation, made, requestId))
      : made.pipe(
          take(1),
          defaultIfEmpty(undefined),
          map((body) => successReply(operation, body, requestId)),
        );
  return reply.pipe(
    map((reply) => ({ ...reply, headers: { ...reply.headers, ...limits } })),
    map((reply) => (fault === undefined ? reply : distort(fault, reply, now))),
  );
}

/** The headers that tell how many calls are left; throws where there are none. */
function limited(
  { rateLimiter, counters }: Parts,
  account: string,
  { key }: CompiledOperation,
  now: number,
): Readonly<Record<string, string>> {
  try {
    return rateLimiter.admit(account, key, now);
  } catch (error) {
    count(counters.injectedFaults, 'rateLimit');
    throw error;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
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

/** A pipeline without a network: what the specs of its stages have in common. */
import { finalize, firstValueFrom, from, lastValueFrom, defer, of, type Observable, type ObservableInput } from 'rxjs';
import type { CallOptions } from '../../lib/call-options.js';
import { callsOf } from '../../lib/client-calls.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { TimeoutError, type AlicloudError } from '../../lib/errors.js';
import type { FullResponse } from '../../lib/http-event.js';
import type { AnyOperation, Operation, Service } from '../../lib/service.js';
import { withCall } from '../../lib/pipeline/call-details.js';
import type { CodecSource } from '../../lib/pipeline/call-context.js';
import { pipelineOf } from '../../lib/pipeline/pipeline.js';
import { Runtime } from '../../lib/pipeline/runtime.js';
import type { HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';

export const service: Service = {
  product: 'Ecs',
  version: '2014-05-26',
  endpoints: { prefix: 'ecs', rule: 'regional', regions: {} },
};

/** An RPC operation that takes and gives anything, but for what is said. */
export function operation(differs: Partial<Operation<never, unknown>> = {}): AnyOperation {
  return { service, action: 'DescribeZones', response: '{}', ...differs };
}

export function answer(body: string, status = 200, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** Answers from memory, and remembers what it was sent and how many requests are under way. */
export class MemoryTransport implements Transport {
  readonly sent: HttpRequest[] = [];
  underWay = 0;

  constructor(
    private readonly reply: (request: HttpRequest) => ObservableInput<HttpResponse> = () => of(answer('{}')),
  ) {}

  send(request: HttpRequest): Observable<HttpResponse> {
    return defer(() => {
      this.sent.push(request);
      this.underWay++;
      return from(this.reply(request));
    }).pipe(finalize(() => this.underWay--));
  }
}

export const secret = 'kJ3hunter2Secret';

export const defaultOptions = {
  regionId: 'cn-hangzhou',
  credentials: accessKey('LTAI5tId', secret),
  retry: false,
} satisfies ClientOptions;

/** The pipeline of a client, which names itself only as it is told to. */
export interface Pipeline {
  call(
    operation: AnyOperation,
    request: unknown,
    options?: CallOptions,
    codecs?: CodecSource,
  ): Observable<FullResponse<unknown>>;
}

export function pipelineOver(transport: Transport, options: ClientOptions = {}): Pipeline {
  const all: ClientOptions = { ...defaultOptions, ...options };
  const runtime = Object.assign(new Runtime({ ...all, transport }), { userAgent: all.userAgent });
  const make = callsOf(runtime, pipelineOf(runtime));
  return {
    call: (called, request, callOptions, codecs = 'tables') =>
      make({ operation: called, request, options: callOptions }, { requiresAsync: false, codecs, observe: 'response' }),
  };
}

/** Makes one call, and gives what it sent. */
export async function sentFor(
  called: AnyOperation,
  request: unknown = {},
  callOptions?: CallOptions,
  options?: ClientOptions,
): Promise<HttpRequest> {
  const transport = new MemoryTransport();
  await lastValueFrom(pipelineOver(transport, options).call(called, request, callOptions));
  const [sent] = transport.sent;
  if (sent === undefined || transport.sent.length > 1) throw new Error(`${transport.sent.length} requests were sent`);
  return sent;
}

/** Makes one call that is answered so. */
export function answered(
  called: AnyOperation,
  response: HttpResponse,
  options?: CallOptions,
): Promise<FullResponse<unknown>> {
  return lastValueFrom(pipelineOver(new MemoryTransport(() => of(response))).call(called, {}, options));
}

/** The error that a call, or anything else, ends in. */
export async function errorOf(
  ends: ObservableInput<unknown> | (() => ObservableInput<unknown>),
): Promise<AlicloudError> {
  try {
    await firstValueFrom(
      from(typeof ends === 'function' && !('subscribe' in ends) ? ends() : (ends as ObservableInput<unknown>)),
    );
  } catch (error) {
    return withoutCall(error as AlicloudError);
  }
  throw new Error('Expected an error, got none');
}

/** The same error without the call that each names at the end of its message, which is `spec/errors.spec.ts`' to check. */
export function withoutCall(error: AlicloudError): AlicloudError {
  const { product, code } = error;
  const end = product === undefined ? -1 : error.message.lastIndexOf(` (${code}, ${product} `);
  return end < 0 ? error : Object.assign(error, { message: error.message.slice(0, end) });
}

export function queryOf({ url }: HttpRequest): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams);
}

export function formOf({ body }: HttpRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(String(body ?? '')));
}

/** The error of an attempt that took too long, `credentials` of it for those. */
export function timedOut(action: string, timeout: number, credentials = 0): AlicloudError {
  const spent = { queued: 0, credentials, throttled: 0, sent: timeout - credentials, waiting: 0 };
  const call = { operation: operation({ action }), request: {}, options: undefined };
  return withCall(new TimeoutError({ phase: 'attempt', timeout, action, spent }), call, 'cn-hangzhou');
}

/** The interceptors around a client of a few lines, and all that comes out of them. */
import { context, propagation, ROOT_CONTEXT, trace, type Attributes, type Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { map, of, firstValueFrom, throwError, type Observable } from 'rxjs';
import { NetworkError, ServerError } from '../../lib/errors.js';
import type { AttemptHandler, AttemptInterceptor, CallHandler, CallInterceptor } from '../../lib/interceptor.js';
import { telemetry, type TelemetryOptions } from '../../lib/opentelemetry/index.js';
import type { FullResponse, HttpEvent } from '../../lib/http-event.js';
import type { AnyOperation } from '../../lib/service.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { request, response } from '../events/support.js';

export const operation: AnyOperation = {
  service: { product: 'Ecs', version: '2014-05-26', endpoints: { prefix: 'ecs', rule: 'regional', regions: {} } },
  action: 'RunInstances',
};

/** Real providers, which keep what they are given. */
export class Collected {
  readonly spanExporter = new InMemorySpanExporter();
  private readonly metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  private readonly reader = new PeriodicExportingMetricReader({ exporter: this.metricExporter });
  readonly tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.spanExporter)] });
  readonly meterProvider = new MeterProvider({ readers: [this.reader] });

  /** Those that have ended, in the order in which they did. */
  get spans(): readonly ReadableSpan[] {
    return this.spanExporter.getFinishedSpans();
  }

  span(name: string): ReadableSpan {
    const [found, ...more] = this.spans.filter((span) => span.name === name);
    if (found === undefined || more.length > 0) throw new Error(`Expected one span ${name}, got ${more.length} more`);
    return found;
  }

  /** What a metric has come to, by its attributes. */
  async metric(name: string): Promise<{ attributes: Attributes; value: unknown }[]> {
    this.metricExporter.reset();
    await this.reader.forceFlush();
    const metrics = this.metricExporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    const data = metrics
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => dataPoints as { attributes: Attributes; value: unknown }[]);
    return data.map(({ attributes, value }) => ({ attributes, value }));
  }

  async shutdown(): Promise<void> {
    await Promise.all([this.tracerProvider.shutdown(), this.meterProvider.shutdown()]);
  }
}

export interface Client {
  call(): Observable<HttpEvent>;
}

/** Each call is as many attempts as there are `sends`, the last of which gives the response. */
export function clientOver(
  collected: Collected,
  sends: (attempt: number) => Observable<HttpResponse>,
  options: TelemetryOptions & {
    /** Stand between the telemetry and the call, and the telemetry and the wire. */
    readonly inner?: readonly CallInterceptor[];
    readonly innerAttempt?: readonly AttemptInterceptor[];
    readonly attemptsOf?: (send: (attempt: number) => Observable<HttpEvent>) => Observable<HttpEvent>;
  } = {},
): Client {
  const { inner = [], innerAttempt = [], attemptsOf = (send) => send(1), ...given } = options;
  const { tracerProvider, meterProvider } = collected;
  const { interceptors, attemptInterceptors } = telemetry({ tracerProvider, meterProvider, ...given });
  const attempt = chain<AttemptHandler>([...attemptInterceptors, ...innerAttempt], (sent) =>
    sends(sent.attempt).pipe(map(eventOf)),
  );
  const call = chain<CallHandler>([...interceptors, ...inner], (made) =>
    attemptsOf((number) => attempt({ http: request(), operation, attempt: number, call: made })).pipe(
      map((event) => ('body' in event ? { ...event, body: JSON.parse(String(event.body)) as unknown } : event)),
    ),
  );
  return { call: () => call({ operation, request: {}, options: undefined }) };
}

/** An answer as the pipeline passes it on. */
export function eventOf({ status, headers, body }: HttpResponse): FullResponse<unknown> {
  return { kind: 'response', status, headers, body, attempts: [] };
}

function chain<Handler>(interceptors: readonly ((next: Handler) => Handler)[], last: Handler): Handler {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), last);
}

/** What every span and measurement says. */
export const named = { 'rpc.system.name': 'aliyun', 'rpc.method': 'Ecs/RunInstances' };
export const ok = (): Observable<HttpResponse> => of(response());
export const refusal = new ServerError({
  code: 'Throttling.User',
  message: 'Slow down.',
  status: 429,
  action: 'RunInstances',
  requestId: 'R-2',
  headers: {},
  rawBody: '',
});
export const network = new NetworkError('connect ECONNREFUSED', 'https://h', 'ECONNREFUSED');

/** Registers what an application registers, for as long as the specs of a file run. */
export function registerGlobals(): void {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  });
  afterAll(() => {
    context.disable();
    propagation.disable();
  });
}

/** Runs within a span of the application's own. */
export function within<T>({ tracerProvider }: Collected, run: (span: Span) => T): T {
  const span = tracerProvider.getTracer('application').startSpan('application');
  return context.with(trace.setSpan(ROOT_CONTEXT, span), () => run(span));
}

/** Makes a call whose request fails so, and gives the error that it ends in. */
export function endingOf(collected: Collected, error: unknown): Promise<unknown> {
  return firstValueFrom(clientOver(collected, () => throwError(() => error)).call()).catch((caught: unknown) => caught);
}

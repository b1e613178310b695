/** Traces and metrics for OpenTelemetry. Needs `@opentelemetry/api`, and a set-up of the application's own to send them. */
import { metrics, trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import type { AttemptInterceptor, CallInterceptor } from '../interceptor.js';
import { checkOptions, ofType, withMethod, type Rules } from '../schema/options.js';
import { version } from '../version.js';
import { attemptSpans } from './attempt-spans.js';
import { callSpans } from './call-spans.js';
import { instrumentsOf } from './instruments.js';

export { contextPropagation } from './context-propagation.js';
export type { PropagationOptions } from './context-propagation.js';
export type { TravellingContext, ContextPropagation, QueuedMessage } from '../propagation.js';

export interface TelemetryOptions {
  /** Where spans go. @default the global one */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Where measurements go. @default the global one */
  readonly meterProvider?: MeterProvider | undefined;
  /**
   * Whether requests carry the context of their span, in headers as the global propagator has them, such as
   * `traceparent`. In a browser, a server may refuse requests with headers that it does not know.
   * @default true
   */
  readonly propagate?: boolean | undefined;
}

/** What goes into a client's options. */
export interface Telemetry {
  readonly interceptors: readonly [CallInterceptor];
  readonly attemptInterceptors: readonly [AttemptInterceptor];
}

/**
 * A span for each call, whose parent is the span that is active when the call is subscribed to; below it a span for each
 * attempt. And three metrics: `rpc.client.call.duration` in seconds, `aliyun.client.attempts`,
 * `aliyun.client.active_calls`.
 *
 * @example
 * const client = new EcsClient({ regionId: 'cn-hangzhou', credentials: accessKey(id, secret), ...telemetry() });
 *
 * @throws ConfigurationError where an option can't work.
 */
export function telemetry(options: TelemetryOptions = {}): Telemetry {
  checkOptions(options, rules);
  const { tracerProvider, meterProvider, propagate = true } = options;
  const tracer = (tracerProvider ?? trace).getTracer('rx-alicloud', version);
  const instruments = instrumentsOf(() => meterProvider ?? metrics.getMeterProvider());
  return {
    interceptors: [callSpans(tracer, instruments)],
    attemptInterceptors: [attemptSpans(tracer, instruments, propagate)],
  };
}

const rules: Rules<TelemetryOptions> = {
  tracerProvider: withMethod('getTracer'),
  meterProvider: withMethod('getMeter'),
  propagate: ofType('boolean'),
};

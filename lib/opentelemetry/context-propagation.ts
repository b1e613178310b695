/** One trace from the producer of a call to the worker that makes it, by the conventions for messaging. */
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  type Attributes,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { defer } from 'rxjs';
import { toAlicloudError } from '../errors.js';
import type { ContextPropagation, QueuedMessage } from '../propagation.js';
import { checkOptions, withMethod, type Rules } from '../schema/options.js';
import { version } from '../version.js';
import { callAttributes } from './attributes.js';
import { contextOf } from './call-spans.js';
import { inContext } from './in-context.js';
import { endSpan, outcomeAttributes, tellOutcome } from './outcome.js';

export interface PropagationOptions {
  /** Where spans go. @default the global one */
  readonly tracerProvider?: TracerProvider | undefined;
}

/**
 * Takes the trace of a call through a queue: for the option `propagation` of `bullmqDispatcher` and of `alicloudWorker`. What
 * travels is what the global propagator writes, such as `traceparent`. The producer makes a span `send` below its call's, and the
 * worker a span `process` below that, which the spans of its own call are below.
 *
 * @example
 * const connection = { host: '127.0.0.1', port: 6379 };
 * const dispatcher = bullmqDispatcher({ connection, propagation: contextPropagation() });
 * new EcsClient({ regionId: 'cn-hangzhou', enableAsync: true, dispatcher, ...telemetry() });
 *
 * @throws ConfigurationError where an option can't work.
 */
export function contextPropagation(options: PropagationOptions = {}): ContextPropagation {
  checkOptions(options, rules, 'contextPropagation.');
  const tracer = (options.tracerProvider ?? trace).getTracer('rx-alicloud', version);
  return {
    inject(carrier, message) {
      const parent = contextOf(message.call);
      const span = tracer.startSpan(...spanOf('send', message), parent);
      propagation.inject(trace.setSpan(parent, span), carrier);
      return (error) => {
        const failure = error === undefined ? undefined : toAlicloudError(error);
        endSpan(span, outcomeAttributes({ value: undefined, error: failure, cancelled: false }), failure);
      };
    },
    extract: (carrier, message, run) =>
      defer(() => {
        const sent = propagation.extract(ROOT_CONTEXT, carrier);
        const outer = context.active();
        const span = tracer.startSpan(...spanOf('process', message), sent);
        return defer(run).pipe(
          inContext(trace.setSpan(sent, span), outer),
          tellOutcome((outcome) => endSpan(span, outcomeAttributes(outcome), outcome.error)),
        );
      }),
  };
}

type NamedSpan = [name: string, options: NonNullable<Parameters<Tracer['startSpan']>[1]>];

function spanOf(operation: 'send' | 'process', { system, queueName, jobId, call }: QueuedMessage): NamedSpan {
  const attributes: Attributes = {
    ...callAttributes(call.operation),
    'messaging.system': system,
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.destination.name': queueName,
    'messaging.message.id': jobId,
  };
  return [
    `${operation} ${queueName}`,
    { kind: operation === 'send' ? SpanKind.PRODUCER : SpanKind.CONSUMER, attributes },
  ];
}

const rules: Rules<PropagationOptions> = { tracerProvider: withMethod('getTracer') };

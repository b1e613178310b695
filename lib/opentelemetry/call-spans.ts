import { context, SpanKind, trace, type Context, type Tracer } from '@opentelemetry/api';
import { defer } from 'rxjs';
import { isServerError } from '../errors.js';
import type { CallInterceptor, CallRequest } from '../interceptor.js';
import type { HttpEvent } from '../http-event.js';
import { callAttributes, methodName, responseAttributes } from './attributes.js';
import { inContext } from './in-context.js';
import type { Instruments } from './instruments.js';
import { endSpan, outcomeAttributes, tellOutcome, type Outcome } from './outcome.js';

const contextKey: unique symbol = Symbol('rx-alicloud.opentelemetry.context');

/** A call that carries its context. Under a symbol, as that is still there when an interceptor in between copies the call. */
interface TracedCall extends CallRequest {
  readonly [contextKey]?: Context;
}

/** The context that an attempt of the call belongs to: the call's own; the active one where the call has none. */
export function contextOf(call: TracedCall | undefined): Context {
  return call?.[contextKey] ?? context.active();
}

/** A span for each call, and what there is to count. */
export function callSpans(tracer: Tracer, instruments: () => Instruments): CallInterceptor {
  return (next) => (call) =>
    // Each subscription is a call of its own.
    defer(() => {
      const { operation } = call;
      const parent = context.active();
      const named = callAttributes(operation);
      const span = tracer.startSpan(
        methodName(operation),
        { kind: SpanKind.CLIENT, attributes: { ...named, 'aliyun.api_version': operation.service.version } },
        parent,
      );
      const own = trace.setSpan(parent, span);
      const { duration, active } = instruments();
      const begun = performance.now();
      active.add(1, named, own);

      const traced: TracedCall = { ...call, [contextKey]: own };
      return defer(() => next(traced)).pipe(
        inContext(own, parent),
        tellOutcome((outcome) => {
          const attributes = { ...outcomeAttributes(outcome), ...statusOf(outcome) };
          active.add(-1, named, own);
          duration.record((performance.now() - begun) / 1000, { ...named, ...attributes }, own);
          endSpan(span, { ...attributes, ...factsOf(outcome) }, outcome.error);
        }),
      );
    });
}

/** The server's own code, where it refused. */
function statusOf({ error }: Outcome<unknown>): { 'rpc.status_code'?: string } {
  return isServerError(error) ? { 'rpc.status_code': error.code } : {};
}

function factsOf({ value, error }: Outcome<HttpEvent>): ReturnType<typeof responseAttributes> {
  if (error === undefined) return value !== undefined && 'body' in value ? responseAttributes(value) : {};
  return {
    'aliyun.attempts': error.attempts?.length,
    ...(isServerError(error)
      ? { 'http.response.status_code': error.status, 'aliyun.request_id': error.requestId }
      : {}),
  };
}

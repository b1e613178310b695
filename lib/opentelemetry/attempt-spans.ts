import { propagation, SpanKind, SpanStatusCode, trace, type Context, type Tracer } from '@opentelemetry/api';
import { defer } from 'rxjs';
import type { AttemptInterceptor, AttemptRequest } from '../interceptor.js';
import type { HttpEvent } from '../http-event.js';
import { hiding } from '../masking/masking.js';
import { secretsIn } from '../masking/request-secrets.js';
import { thrown } from '../masking/thrown.js';
import type { HttpHead, HttpRequest } from '../transport/transport.js';
import { callAttributes, requestAttributes, requestIdOf } from './attributes.js';
import { contextOf } from './call-spans.js';
import { inContext } from './in-context.js';
import type { Instruments } from './instruments.js';
import { endSpan, outcomeAttributes, tellOutcome, type Outcome } from './outcome.js';

/** A span for each attempt, a child of its call's. With `propagate`, the request carries its context. */
export function attemptSpans(tracer: Tracer, instruments: () => Instruments, propagate: boolean): AttemptInterceptor {
  return (next) => (request) =>
    defer(() => {
      const { http } = request;
      const parent = contextOf(request.call);
      // An answer may echo what was sent, and so may what a transport throws.
      const secrets = secretsIn(http, request.operation.service.product);
      const hide = hiding(secrets);
      const attributes = { ...callAttributes(request.operation), ...requestAttributes(http, hide), ...resent(request) };
      const span = tracer.startSpan(http.method, { kind: SpanKind.CLIENT, attributes }, parent);
      const own = trace.setSpan(parent, span);

      const sent = propagate ? { ...request, http: withContext(http, own) } : request;
      return defer(() => next(sent)).pipe(
        inContext(own, parent),
        tellOutcome(
          (outcome) => {
            const attributes = { ...outcomeAttributes(outcome), ...answerAttributes(outcome) };
            instruments().attempts.add(1, { ...callAttributes(request.operation), ...attributes }, own);
            if (isRefusal(outcome)) span.setStatus({ code: SpanStatusCode.ERROR });
            const id = requestIdOf(headOf(outcome)?.headers ?? {});
            endSpan(span, { ...attributes, 'aliyun.request_id': id && hide(id) }, outcome.error);
          },
          (error) => thrown(error, secrets),
        ),
      );
    });
}

function resent({ attempt }: AttemptRequest): { 'http.request.resend_count'?: number } {
  return attempt > 1 ? { 'http.request.resend_count': attempt - 1 } : {};
}

function withContext(http: HttpRequest, own: Context): HttpRequest {
  const headers: Record<string, string> = {};
  propagation.inject(own, headers, { set: (carrier, name, value) => (carrier[name.toLowerCase()] = value) });
  // What is signed stays as it is.
  return { ...http, headers: { ...headers, ...http.headers } };
}

function answerAttributes(outcome: Outcome<HttpEvent>): Record<string, string | number> {
  const head = headOf(outcome);
  if (head === undefined) return {};
  const { status } = head;
  return {
    'http.response.status_code': status,
    ...(isRefusal(outcome) ? { 'error.type': String(status) } : {}),
  };
}

function isRefusal(outcome: Outcome<HttpEvent>): boolean {
  const head = headOf(outcome);
  return head !== undefined && head.status >= 400;
}

function headOf({ value }: Outcome<HttpEvent>): HttpHead | undefined {
  return value?.kind === 'uploadProgress' ? undefined : value;
}

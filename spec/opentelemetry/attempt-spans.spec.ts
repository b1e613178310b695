import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { concatMap, delay, firstValueFrom, map, Observable, of, retry, Subject, throwError } from 'rxjs';
import type { AttemptRequest, CallInterceptor } from '../../lib/interceptor.js';
import { telemetry } from '../../lib/opentelemetry/index.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { shownUrl } from '../../lib/masking/shown.js';
import { request, response } from '../events/support.js';
import { eventOf, clientOver, Collected, named, network, ok, operation, registerGlobals, within } from './support.js';

let collected: Collected;

registerGlobals();
beforeEach(() => (collected = new Collected()));
afterEach(() => collected.shutdown());

describe('the span of an attempt', () => {
  it('says what was sent where, and is a child of the span of its call', async () => {
    await firstValueFrom(clientOver(collected, ok).call());
    const span = collected.span('POST');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.parentSpanContext?.spanId).toBe(collected.span('Ecs/RunInstances').spanContext().spanId);
    expect(span.attributes).toEqual({
      ...named,
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': 'ecs.cn-hangzhou.aliyuncs.com',
      'server.port': 443,
      'url.full': shownUrl(request().url),
      'aliyun.request_id': 'R-1',
    });
  });

  it('is one for each attempt', async () => {
    const sends = (attempt: number): Observable<HttpResponse> =>
      attempt === 1 ? of(response({ status: 503 })) : attempt === 2 ? throwError(() => network) : ok();
    const client = clientOver(collected, sends, {
      attemptsOf: (send) => {
        let attempt = 0;
        return of(null).pipe(
          concatMap(() => send(++attempt)),
          map((answer) => {
            if ('status' in answer && answer.status === 503) throw new Error('again');
            return answer;
          }),
          retry(2),
        );
      },
    });
    await firstValueFrom(client.call());
    const parent = collected.span('Ecs/RunInstances').spanContext().spanId;
    const attempts = collected.spans.filter(({ name }) => name === 'POST');
    expect(attempts.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([parent, parent, parent]);
    expect(attempts.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1, 2]);
    expect(attempts.map(({ attributes }) => attributes['error.type'])).toEqual(['503', 'SDK.NetworkError', undefined]);
    const { ERROR, UNSET } = SpanStatusCode;
    expect(attempts.map(({ status }) => status.code)).toEqual([ERROR, ERROR, UNSET]);
  });

  it('finds its call where another interceptor has made a new one of it, and where the attempt is made elsewhere', async () => {
    const queue = new Subject<() => void>();
    queue.subscribe((task) => task());
    // As a queue does it: in the context of whoever makes room.
    const queued: CallInterceptor = (next) => (call) =>
      new Observable((observer) => {
        context.with(ROOT_CONTEXT, () => queue.next(() => next({ ...call, request: {} }).subscribe(observer)));
      });
    await firstValueFrom(clientOver(collected, ok, { inner: [queued] }).call());
    expect(collected.span('POST').parentSpanContext?.spanId).toBe(
      collected.span('Ecs/RunInstances').spanContext().spanId,
    );
  });

  it('belongs to its own call where there are several at a time', async () => {
    const client = clientOver(collected, () => ok().pipe(delay(0)));
    const call = client.call();
    await Promise.all([firstValueFrom(call), firstValueFrom(call), firstValueFrom(client.call())]);
    const parents = collected.spans
      .filter(({ name }) => name === 'POST')
      .map(({ parentSpanContext }) => parentSpanContext?.spanId);
    expect(new Set(parents).size).toBe(3);
  });

  it('is a child of what is active where the calls are not traced', async () => {
    const { attemptInterceptors } = telemetry({ tracerProvider: collected.tracerProvider });
    const attempt = attemptInterceptors[0](() => ok().pipe(map(eventOf)));
    const call = { operation, request: {}, options: undefined };
    const http = { method: 'GET', url: 'http://127.0.0.1:8080/a', headers: {} };
    const parent = await within(collected, async (span) => {
      await firstValueFrom(attempt({ http, operation, attempt: 1, call }));
      return span.spanContext().spanId;
    });
    const { parentSpanContext, attributes } = collected.span('GET');
    expect(parentSpanContext?.spanId).toBe(parent);
    expect(attributes).toMatchObject({ 'server.address': '127.0.0.1', 'server.port': 8080, 'url.full': http.url });
  });
});

describe('the headers of a request', () => {
  async function headersOf({
    headers = {},
    ...options
  }: { propagate?: boolean; headers?: Record<string, string> } = {}): Promise<Readonly<Record<string, string>>> {
    const { attemptInterceptors } = telemetry({ tracerProvider: collected.tracerProvider, ...options });
    let sent: AttemptRequest | undefined;
    const attempt = attemptInterceptors[0]((made) => {
      sent = made;
      return ok().pipe(map(eventOf));
    });
    const http = { method: 'GET', url: 'https://h/', headers: { 'x-acs-action': 'A', ...headers } };
    await firstValueFrom(
      attempt({ http, operation, attempt: 1, call: { operation, request: {}, options: undefined } }),
    );
    return sent?.http.headers ?? {};
  }

  it('have the context of the attempt in them', async () => {
    const headers = await headersOf();
    const { traceId, spanId } = collected.span('GET').spanContext();
    expect(headers).toEqual({ 'x-acs-action': 'A', traceparent: `00-${traceId}-${spanId}-01` });
  });

  it('do not where that is not wanted', async () => {
    expect(await headersOf({ propagate: false })).toEqual({ 'x-acs-action': 'A' });
  });

  it('are otherwise as they were', async () => {
    expect(await headersOf({ headers: { traceparent: 'mine' } })).toEqual({ 'x-acs-action': 'A', traceparent: 'mine' });
  });
});

import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { delay, firstValueFrom, map, NEVER, Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { CallInterceptor } from '../../lib/interceptor.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { response } from '../events/support.js';
import { clientOver, Collected, endingOf, named, network, ok, refusal, registerGlobals, within } from './support.js';

let collected: Collected;

registerGlobals();
beforeEach(() => (collected = new Collected()));
afterEach(() => collected.shutdown());

const ending = (error: unknown): Promise<unknown> => endingOf(collected, error);

describe('the span of a call', () => {
  it('says what was called and what came of it', async () => {
    await firstValueFrom(clientOver(collected, ok).call());
    const span = collected.span('Ecs/RunInstances');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span.attributes).toEqual({
      ...named,
      'aliyun.api_version': '2014-05-26',
      'aliyun.attempts': 0,
      'aliyun.request_id': 'R-1',
      'http.response.status_code': 200,
    });
  });

  it('is a child of the span that is active when the call is subscribed to', async () => {
    const call = within(collected, () => clientOver(collected, ok).call());
    await firstValueFrom(call);
    expect(collected.span('Ecs/RunInstances').parentSpanContext).toBeUndefined();

    const parent = await within(collected, async (span) => {
      await firstValueFrom(call);
      return span.spanContext().spanId;
    });
    const spans = collected.spans.filter(({ name }) => name === 'Ecs/RunInstances');
    expect(spans).toHaveLength(2);
    expect(spans[1]?.parentSpanContext?.spanId).toBe(parent);
  });

  it('is not there before the call is subscribed to', () => {
    within(collected, () => clientOver(collected, ok).call());
    expect(collected.spans).toEqual([]);
  });

  it('says that the server refused', async () => {
    expect(await ending(refusal)).toBe(refusal);
    const { attributes, status, events } = collected.span('Ecs/RunInstances');
    expect(attributes).toMatchObject({
      'error.type': 'Throttling.User',
      'rpc.status_code': 'Throttling.User',
      'http.response.status_code': 429,
      'aliyun.request_id': 'R-2',
    });
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'Slow down.' });
    expect(events.map(({ name }) => name)).toEqual(['exception']);
  });

  it('says that the network failed', async () => {
    await ending(network);
    const { attributes, status } = collected.span('Ecs/RunInstances');
    expect(attributes).toMatchObject({ 'error.type': 'SDK.NetworkError' });
    expect(attributes).not.toHaveProperty('rpc.status_code');
    expect(status.code).toBe(SpanStatusCode.ERROR);
  });

  it('says that something else was thrown', async () => {
    const broken: CallInterceptor = () => () => {
      throw new Error('broken');
    };
    const call = clientOver(collected, ok, { inner: [broken] }).call();
    await expect(firstValueFrom(call)).rejects.toThrow('broken');
    expect(collected.span('Ecs/RunInstances').attributes).toMatchObject({ 'error.type': 'SDK.Unexpected' });
  });

  it('ends when the call is unsubscribed from, which is no error', () => {
    clientOver(collected, () => NEVER)
      .call()
      .subscribe()
      .unsubscribe();
    for (const name of ['Ecs/RunInstances', 'POST']) {
      const { attributes, status, ended } = collected.span(name);
      expect(ended).toBe(true);
      expect(attributes).toMatchObject({ 'aliyun.cancelled': true });
      expect(attributes).not.toHaveProperty('error.type');
      expect(status.code).toBe(SpanStatusCode.UNSET);
    }
  });

  it('is not cancelled by who takes the response and no more', async () => {
    const endless = (): Observable<HttpResponse> => new Observable((observer) => observer.next(response()));
    await firstValueFrom(clientOver(collected, endless).call());
    for (const span of collected.spans) expect(span.attributes).not.toHaveProperty('aliyun.cancelled');
    expect(collected.span('Ecs/RunInstances').attributes).toMatchObject({ 'http.response.status_code': 200 });
  });

  it('lasts from the subscription to the end', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ expectObservable, flush }) => {
      const call = clientOver(collected, () => ok().pipe(delay(50))).call();
      expectObservable(call.pipe(map(() => collected.spans.length))).toBe('50ms (a|)', { a: 0 });
      flush();
      expect(collected.spans.map(({ name }) => name)).toEqual(['POST', 'Ecs/RunInstances']);
    });
  });
});

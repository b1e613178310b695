import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { asapScheduler, defer, finalize, firstValueFrom, map, NEVER, observeOn, of, throwError } from 'rxjs';
import type { CallRequest } from '../../lib/interceptor.js';
import { contextPropagation, type PropagationOptions } from '../../lib/opentelemetry/index.js';
import type { QueuedMessage, TravellingContext } from '../../lib/propagation.js';
import { clientOver, Collected, named, ok, operation, refusal, registerGlobals, within } from './support.js';

/** What each of two processes has collected. */
let producer: Collected;
let worker: Collected;

registerGlobals();
beforeEach(() => ([producer, worker] = [new Collected(), new Collected()]));
afterEach(() => Promise.all([producer.shutdown(), worker.shutdown()]));

const call: CallRequest = { operation, request: {}, options: undefined };
const message: QueuedMessage = { system: 'bullmq', queueName: 'rx-alicloud', jobId: 'job-1', call };
const messaging = (name: string): object => ({
  ...named,
  'messaging.system': 'bullmq',
  'messaging.operation.name': name,
  'messaging.operation.type': name,
  'messaging.destination.name': 'rx-alicloud',
  'messaging.message.id': 'job-1',
});

const spansTo = ({ tracerProvider }: Collected): PropagationOptions => ({ tracerProvider });

/** Makes a call that is put into a queue, and gives what travels with it. */
async function produce(error?: unknown): Promise<TravellingContext> {
  const travelling: TravellingContext = {};
  const through = contextPropagation(spansTo(producer));
  const toQueue = (made: CallRequest): void => {
    const sent = through.inject(travelling, { ...message, call: made });
    if (typeof sent === 'function') sent(error);
  };
  const client = clientOver(producer, ok, {
    inner: [
      (next) => (made) =>
        defer(() => {
          toQueue(made);
          return next(made);
        }),
    ],
  });
  await firstValueFrom(client.call());
  return travelling;
}

const idOf = ({ spans }: Collected, name: string): string | undefined =>
  spans.find((span) => span.name === name)?.spanContext().spanId;

describe('through a queue', () => {
  it('a trace goes from the call of the producer to the attempts of the worker', async () => {
    const travelling = await produce();
    const through = contextPropagation(spansTo(worker));
    await firstValueFrom(through.extract(travelling, message, () => clientOver(worker, ok).call()));

    const [call, send] = [producer.span('Ecs/RunInstances'), producer.span('send rx-alicloud')];
    const [process, made] = [worker.span('process rx-alicloud'), worker.span('Ecs/RunInstances')];
    const attempt = worker.span('POST');
    const chain = [call, send, process, made, attempt];
    expect(chain.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
      undefined,
      ...chain.slice(0, -1).map((span) => span.spanContext().spanId),
    ]);
    expect(new Set(chain.map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(chain.map(({ kind }) => kind)).toEqual([
      SpanKind.CLIENT,
      SpanKind.PRODUCER,
      SpanKind.CONSUMER,
      SpanKind.CLIENT,
      SpanKind.CLIENT,
    ]);
    expect(send.attributes).toEqual(messaging('send'));
    expect(process.attributes).toEqual(messaging('process'));
    expect(process.parentSpanContext?.isRemote).toBe(true);
  });

  it('nothing travels but what the propagator writes', async () => {
    expect(Object.keys(await produce())).toEqual(['traceparent']);
  });

  it('the call is known by itself, whatever is active when it is put there', async () => {
    const travelling: TravellingContext = {};
    let made = call;
    const client = clientOver(producer, ok, { inner: [(next) => (given) => next((made = given))] });
    await firstValueFrom(client.call());
    context.with(ROOT_CONTEXT, () =>
      contextPropagation(spansTo(producer)).inject(travelling, { ...message, call: made }),
    );
    expect(travelling.traceparent).toContain(producer.span('Ecs/RunInstances').spanContext().traceId);
  });

  it('a call whose queue could not take it says so', async () => {
    await produce(new TypeError('no room'));
    const { status, attributes } = producer.span('send rx-alicloud');
    expect(status).toMatchObject({ code: SpanStatusCode.ERROR, message: expect.stringContaining('no room') as string });
    expect(attributes).toMatchObject({ 'error.type': 'SDK.Unexpected' });
  });

  it('a call that fails at the worker fails its span', async () => {
    const made$ = contextPropagation(spansTo(worker)).extract({}, message, () => throwError(() => refusal));
    await expect(firstValueFrom(made$)).rejects.toBe(refusal);
    const { status, attributes } = worker.span('process rx-alicloud');
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'Slow down.' });
    expect(attributes).toMatchObject({ 'error.type': 'Throttling.User' });
  });

  it('a call that is cancelled at the worker is let go of, and says so', () => {
    let left = 0;
    const made$ = contextPropagation(spansTo(worker)).extract({}, message, () => NEVER.pipe(finalize(() => left++)));
    made$.subscribe().unsubscribe();
    expect(left).toBe(1);
    expect(worker.span('process rx-alicloud').attributes).toMatchObject({ 'aliyun.cancelled': true });
  });

  it('each delivery is a span, and none is made before it is subscribed to', async () => {
    const made$ = contextPropagation(spansTo(worker)).extract(await produce(), message, () => of(1));
    expect(worker.spans).toEqual([]);
    await firstValueFrom(made$);
    await firstValueFrom(made$);
    const parents = worker.spans.map(({ parentSpanContext }) => parentSpanContext?.spanId);
    expect(parents).toEqual([idOf(producer, 'send rx-alicloud'), idOf(producer, 'send rx-alicloud')]);
  });

  it('what has no context begins a trace', async () => {
    await firstValueFrom(contextPropagation(spansTo(worker)).extract({}, message, () => of(1)));
    expect(worker.span('process rx-alicloud').parentSpanContext).toBeUndefined();
  });

  it('what follows at the worker is in the context of its own', async () => {
    const active = (): string | undefined => trace.getSpan(context.active())?.spanContext().spanId;
    const through = contextPropagation(spansTo(worker));
    const [own, inside, after] = await within(worker, (span) => {
      const made$ = through.extract({}, message, () => defer(() => of(active())).pipe(observeOn(asapScheduler)));
      return firstValueFrom(made$.pipe(map((seen) => [span.spanContext().spanId, seen, active()])));
    });
    expect(inside).toBe(idOf(worker, 'process rx-alicloud'));
    expect(after).toBe(own);
  });
});

it('an option that can not work is refused', () => {
  expect(() => contextPropagation({ tracerProvider: {} as never })).toThrow(
    'Expected `contextPropagation.tracerProvider` to be an object with a method `getTracer`',
  );
});

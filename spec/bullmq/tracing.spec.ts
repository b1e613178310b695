/** One trace from the call of a producer to the attempts of a worker, through a real queue. */
import { context, trace } from '@opentelemetry/api';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { firstValueFrom, lastValueFrom, map, of, type Observable } from 'rxjs';
import { alicloudWorker, bullmqDispatcher, type AlicloudWorker } from '../../lib/bullmq/index.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { contextPropagation, telemetry, type PropagationOptions } from '../../lib/opentelemetry/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { Collected, registerGlobals, within } from '../opentelemetry/support.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';

describeWithRedis('a trace', (path) => {
  let server: RedisServer;
  let redis: Redis;
  /** What each side has collected. */
  let producer: Collected;
  let worker: Collected;
  let answers: HttpResponse[];
  let client: InstanceType<typeof EcsClient>;
  let made: InstanceType<typeof EcsClient>;
  let working: AlicloudWorker;

  registerGlobals();

  beforeAll(async () => {
    server = await startRedis({ path });
    redis = new Redis(server.socket, { maxRetriesPerRequest: null });
    [producer, worker] = [new Collected(), new Collected()];
    client = new EcsClient({
      regionId: 'cn-hangzhou',
      enableAsync: true,
      dispatcher: bullmqDispatcher({
        connection: { path: server.socket },
        propagation: contextPropagation(spansTo(producer)),
      }),
      ...telemetry(to(producer)),
    });
    const send = (): Observable<HttpResponse> => of(answers.shift() ?? ok);
    made = new EcsClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey('an-access-key', 'its-secret'),
      transport: { send },
      ...telemetry(to(worker)),
    });
    const propagation = contextPropagation(spansTo(worker));
    working = alicloudWorker({ connection: redis, clients: [made], propagation });
    await lastValueFrom(working.ready());
  });
  beforeEach(() => {
    answers = [];
    for (const { spanExporter } of [producer, worker]) spanExporter.reset();
  });
  afterAll(async () => {
    await lastValueFrom(client.close(), { defaultValue: undefined });
    await lastValueFrom(working.close(), { defaultValue: undefined });
    made.close();
    redis.disconnect();
    await server.close();
    await Promise.all([producer.shutdown(), worker.shutdown()]);
  });

  it('goes through the queue to each attempt', async () => {
    answers = [busy];
    const root = await within(producer, async (span) => {
      await firstValueFrom(client.describeRegions());
      return span.spanContext();
    });
    const attempts = worker.spans.filter(({ name }) => name === 'POST');
    const chain = [
      producer.span('Ecs/DescribeRegions'),
      producer.span('send rx-alicloud'),
      worker.span('process rx-alicloud'),
      worker.span('Ecs/DescribeRegions'),
    ];
    expect(attempts.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([503, 200]);
    const ids = [root.spanId, ...chain.map((span) => span.spanContext().spanId)];
    expect(chain.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(ids.slice(0, -1));
    expect(attempts.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([ids.at(-1), ids.at(-1)]);
    const traces = [...chain, ...attempts].map((span) => span.spanContext().traceId);
    expect(new Set(traces)).toEqual(new Set([root.traceId]));
    const { attributes } = producer.span('Ecs/DescribeRegions');
    expect(attributes).toMatchObject({ 'aliyun.attempts': 2, 'http.response.status_code': 200 });
  });

  it('of each call is its own, however many there are', async () => {
    const made = Array.from({ length: 20 }, () =>
      within(producer, async (span) => {
        await firstValueFrom(client.describeRegions());
        return span.spanContext().traceId;
      }),
    );
    const traces = await Promise.all(made);
    const sent = new Map(producer.spans.map((span) => [span.spanContext().spanId, span]));
    const received = worker.spans.filter(({ name }) => name === 'process rx-alicloud');
    expect(received.map((span) => span.spanContext().traceId).sort()).toEqual(traces.sort());
    for (const { parentSpanContext, attributes } of received) {
      const { name, attributes: of } = sent.get(parentSpanContext?.spanId ?? '') ?? {};
      expect([name, of?.['messaging.message.id']]).toEqual(['send rx-alicloud', attributes['messaging.message.id']]);
    }
  });

  it('stands at the caller in the context that the call was made in', async () => {
    const [own, after] = await within(producer, (span) =>
      firstValueFrom(
        client
          .describeRegions()
          .pipe(map(() => [span.spanContext().spanId, trace.getSpan(context.active())?.spanContext().spanId])),
      ),
    );
    expect(after).toBe(own);
  });

  it('travels as what the propagator writes, and nothing else', async () => {
    await firstValueFrom(client.describeRegions());
    const queue = new Queue<{ readonly context?: object }>('rx-alicloud', { connection: { path: server.socket } });
    const [job] = await queue.getJobs(['completed'], 0, 0);
    await queue.close();
    expect(job?.data.context).toEqual({
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) as string,
    });
  });
});

const ok: HttpResponse = { status: 200, headers: {}, body: '{"RequestId":"R-1"}' };
const busy: HttpResponse = { status: 503, headers: {}, body: '{"Code":"ServiceUnavailable","Message":"busy"}' };

const spansTo = ({ tracerProvider }: Collected): PropagationOptions => ({ tracerProvider });

function to({ tracerProvider, meterProvider }: Collected): Pick<Collected, 'tracerProvider' | 'meterProvider'> {
  return { tracerProvider, meterProvider };
}

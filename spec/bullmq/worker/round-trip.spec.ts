/** Calls through a dispatcher and a worker are what they are without them. */
import { lastValueFrom, NEVER, of, type Observable } from 'rxjs';
import { bullmqDispatcher } from '../../../lib/bullmq/index.js';
import { accessKey } from '../../../lib/credentials/credentials.js';
import type { AlicloudError } from '../../../lib/errors.js';
import { EcsClient } from '../../../lib/services/ecs.js';
import type { HttpRequest, HttpResponse } from '../../../lib/transport/transport.js';
import { describeWithRedis } from '../../support/redis-server.js';
import { ok, openQueue, refusal, serve, until, type Served, type TestQueue } from './support.js';

describeWithRedis('a call through a queue', (path) => {
  let at: TestQueue;
  let producer: EcsClient;
  beforeAll(async () => {
    at = await openQueue(path);
  });
  beforeEach(() => {
    const dispatcher = bullmqDispatcher({ connection: { port: at.server.port } });
    producer = new EcsClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey('none', 'none'),
      enableAsync: true,
      dispatcher,
    });
  });
  afterEach(async () => {
    await lastValueFrom(producer.close(), { defaultValue: undefined });
    await at.clear();
  });
  afterAll(() => at.close());

  const served = (answer: (request: HttpRequest, count: number) => Observable<HttpResponse>): Served => {
    const one = serve(answer);
    at.work({ clients: [one.client] });
    return one;
  };
  const outcome = async <T>(call: Observable<T>): Promise<unknown> => {
    const ended = await lastValueFrom(call).catch((error: unknown) => (error as AlicloudError).toJSON());
    return JSON.parse(
      JSON.stringify(ended, (key, value: unknown) => (/startedAt|duration|ClientToken/i.test(key) ? 0 : value)),
    );
  };

  const untyped = { product: 'Ecs', version: '2014-05-26', action: 'Any', query: { A: [{ B: 'c' }] } } as const;
  const calls: Readonly<Record<string, (client: EcsClient) => Observable<unknown>>> = {
    'a response': (client) => client.describeInstances({ PageSize: 10 }),
    'a full response': (client) => client.describeInstances({ PageSize: 10 }, { observe: 'response' }),
    'a write': (client) => client.startInstance({ InstanceId: 'i-1' }),
    'a call without a description': (client) => client.request(untyped),
    'a request that does not fit': (client) => client.describeInstances({ PageSize: 'x' } as never),
  };

  it.each(Object.entries(calls))('gives %s as it is without one', async (_name, call) => {
    const { client } = served(() => of(ok({ RequestId: 'R-1', TotalCount: 5 })));
    expect(await outcome(call(producer))).toEqual(await outcome(call(client)));
  });

  it.each(Object.entries(calls))('ends in the error that %s ends in without one', async (_name, call) => {
    const { client } = served(() => of(refusal(403, 'Forbidden.RAM', { 'x-acs-request-id': 'R-2' })));
    expect(await outcome(call(producer))).toEqual(await outcome(call(client)));
  });

  it('ends its request at the server when it is unsubscribed from', async () => {
    const { running, aborted } = served(() => NEVER);
    const calling = producer.describeInstances({}).subscribe();
    await until(() => running() === 1);
    calling.unsubscribe();
    await until(() => aborted() === 1);
    await until(async () => (await at.queue.getActiveCount()) === 0);
  });

  it('waits out a throttle beside the others, and has the attempts of all its deliveries', async () => {
    const { sent } = served((_, count) =>
      of(count === 1 ? refusal(429, 'Throttling.Api', { 'retry-after': '0.3' }) : ok()),
    );
    const { attempts } = await lastValueFrom(producer.describeInstances({}, { observe: 'response' }));
    expect(attempts.map(({ code }) => code)).toEqual(['Throttling.Api', undefined]);
    expect(sent).toHaveLength(2);
  });

  it('ends in a typed error where no worker has a client of its product', async () => {
    const { client } = serve(() => of(ok()));
    at.work({ clients: [client] });
    const call = producer.request({ ...untyped, product: 'Rds', version: '2014-08-15' });
    expect(await outcome(call)).toMatchObject({ code: 'SDK.InvalidConfiguration', path: 'clients' });
  });
});

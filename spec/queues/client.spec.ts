/** The queues in a client: what they know of a call, and what is told of it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { firstValueFrom, Subject, take, type Observable } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { QueuedCall } from '../../lib/client-options.js';
import { Config } from '../../lib/config.js';
import { isClientError } from '../../lib/errors.js';
import { adaptive, fair, fifo, priority, type QueueDiscipline } from '../../lib/queues/index.js';
import type { Operation } from '../../lib/service.js';
import type { HttpRequest, HttpResponse } from '../../lib/transport/transport.js';
import { accessKey } from '../../lib/credentials/credentials.js';

interface Request {
  readonly RegionId?: string;
  readonly Name?: string;
}

const describeThings: Operation<Request, unknown> = {
  service: { product: 'Zoo', version: '2026-01-01', endpoints: { prefix: 'zoo', rule: 'regional', regions: {} } },
  action: 'DescribeThings',
  query: 'RegionId:s,Name:s',
  response: '<a>',
};

/** Of calls that the end of a spec cuts off. */
const ignored = { error: () => undefined };
const counted = (next: () => void): { next: () => void; error: () => void } => ({ next, error: () => undefined });

const clients: AlicloudClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** A client whose requests are answered by hand, and the names that were sent. */
function clientWith(queue: QueueDiscipline<QueuedCall>, poolSize = 1, maxTaskQueueSize = 100) {
  const sent: string[] = [];
  const answers: Subject<HttpResponse>[] = [];
  const transport = {
    send(request: HttpRequest): Observable<HttpResponse> {
      sent.push(new URL(request.url).searchParams.get('Name') ?? '');
      const answer = new Subject<HttpResponse>();
      answers.push(answer);
      return answer;
    },
  };
  const credentials = accessKey('id', 'secret');
  const client = new AlicloudClient(
    new Config({ transport, credentials, regionId: 'cn-hangzhou', enableAsync: true, poolSize, maxTaskQueueSize })
      .withQueue(queue)
      .withRetry(false)
      .withTimeout(0),
  );
  const answer = (): void => {
    const next = answers.shift();
    next?.next({ status: 200, headers: {}, body: '{}' });
    next?.complete();
  };
  clients.push(client);
  return { client, sent, answer };
}

it('tells two tenants apart by the tag of their calls', () => {
  const { client, sent, answer } = clientWith(
    fair(({ options }) => options?.tag),
    1,
    20_000,
  );
  const done = { large: 0, small: 0 };
  for (let number = 0; number < 1000; number++) {
    client.call(describeThings, { Name: 'large' }, { tag: 'large' }).subscribe(counted(() => done.large++));
  }
  for (let number = 0; number < 10; number++) {
    client.call(describeThings, { Name: 'small' }, { tag: 'small' }).subscribe(counted(() => done.small++));
  }
  while (done.small < 10) answer();

  expect(sent.length).toBeLessThanOrEqual(22);
  expect(done.large).toBe(11);
});

it('says the region of a call: of its options, else of its request, else of the client', () => {
  const seen: QueuedCall[] = [];
  const { client } = clientWith(
    fair((call) => {
      seen.push(call);
      return call.regionId;
    }),
  );
  client.call(describeThings, {}).subscribe(ignored);
  client.call(describeThings, { RegionId: 'cn-beijing' }).subscribe(ignored);
  client.call(describeThings, { RegionId: 'cn-beijing' }, { regionId: 'cn-shanghai', tag: 5 }).subscribe(ignored);

  expect(seen.map(({ regionId }) => regionId)).toEqual(['cn-hangzhou', 'cn-beijing', 'cn-shanghai']);
  expect(seen[2]).toMatchObject({
    operation: { action: 'DescribeThings', service: { product: 'Zoo' } },
    request: { RegionId: 'cn-beijing' },
    options: { tag: 5 },
  });
});

it('asks in the async context of whoever makes the call', () => {
  const tenants = new AsyncLocalStorage<string>();
  const { client, sent, answer } = clientWith(fair(() => tenants.getStore()));
  const call = (tenant: string, Name: string): void =>
    tenants.run(tenant, () => void client.call(describeThings, { Name }).subscribe());
  for (const name of ['a1', 'a2', 'a3']) call('a', name);
  call('b', 'b1');
  for (let answered = 0; answered < 4; answered++) answer();

  expect(sent).toEqual(['a1', 'a2', 'b1', 'a3']);
});

it('takes channels, callbacks and calls without a description into the same queue', () => {
  const { client, sent, answer } = clientWith(priority(({ options }) => Number(options?.tag ?? 0)));
  client.call(describeThings, { Name: 'first' }).subscribe(ignored);
  client.callWithChan(describeThings, { Name: 'chan' }, { tag: 1 });
  client.callWithCallback(describeThings, { Name: 'callback' }, () => undefined, { tag: 3 });
  client
    .request({
      product: 'Zoo',
      version: '2026-01-01',
      action: 'Feed',
      query: { Name: 'untyped' },
      method: 'GET',
      tag: 2,
    })
    .subscribe(ignored);
  for (let answered = 0; answered < 4; answered++) answer();

  expect(sent).toEqual(['first', 'callback', 'untyped', 'chan']);
});

it('ends a call that has waited too long in an error that says which call it is', async () => {
  jest.useFakeTimers();
  const { client, sent } = clientWith(fifo({ maxQueueTime: 50 }));
  const errors: unknown[] = [];
  client.call(describeThings, {}).subscribe(ignored);
  client.call(describeThings, { Name: 'late' }).subscribe({ error: (error) => errors.push(error) });
  await jest.advanceTimersByTimeAsync(60);
  jest.useRealTimers();

  const [error] = errors;
  expect(isClientError(error, 'SDK.AsyncQueueTimeout') && error.maxQueueTime).toBe(50);
  expect(error).toMatchObject({ product: 'Zoo', action: 'DescribeThings', regionId: 'cn-hangzhou' });
  expect(sent).toHaveLength(1);
});

it('ends a call in what its key throws, and says which call it is', () => {
  const { client } = clientWith(
    fair(() => {
      throw new Error('no tenant');
    }),
  );
  const errors: unknown[] = [];
  client.call(describeThings, {}).subscribe({ error: (error) => errors.push(error) });
  expect(errors).toEqual([expect.objectContaining({ code: 'SDK.Unexpected', action: 'DescribeThings' })]);
});

it('pauses, resumes, changes its sizes, and tells when it is idle', () => {
  const { client, sent, answer } = clientWith(fifo());
  const idle: number[] = [];
  client.idle$.subscribe(() => idle.push(sent.length));
  client.pause();
  for (const Name of ['a', 'b', 'c']) client.call(describeThings, { Name }).subscribe(ignored);
  expect(sent).toEqual([]);
  client.resume();
  expect(sent).toEqual(['a']);
  client.resize(2);
  expect(sent).toEqual(['a', 'b']);
  for (let answered = 0; answered < 3; answered++) answer();
  expect(idle).toEqual([0, 3]);
});

it('shrinks an adaptive pool when the server throttles, and shows its size', async () => {
  const body = '{"Code":"Throttling.User","Message":"too many","RequestId":"1"}';
  let throttles = false;
  const answers: Subject<HttpResponse>[] = [];
  const client = new AlicloudClient({
    transport: {
      send() {
        const answer = new Subject<HttpResponse>();
        answers.push(answer);
        return answer;
      },
    },
    credentials: accessKey('id', 'secret'),
    regionId: 'cn-hangzhou',
    retry: false,
    timeout: 0,
  });
  client.enableAsync(adaptive({ min: 1, max: 8, backoff: 0.5, tolerance: Infinity }), 1000);
  const answer = (): void => {
    const next = answers.shift();
    next?.next(throttles ? { status: 400, headers: {}, body } : { status: 200, headers: {}, body: '{}' });
    next?.complete();
  };
  const poolSize = async (): Promise<number | undefined> =>
    (await firstValueFrom(client.stats$.pipe(take(1)))).poolSize;
  for (let number = 0; number < 200; number++) {
    client.call(describeThings, {}).subscribe({ error: () => undefined });
  }
  expect(await poolSize()).toBe(1);
  for (let answered = 0; answered < 40; answered++) answer();
  expect(await poolSize()).toBe(8);
  throttles = true;
  answer();
  expect(await poolSize()).toBe(4);
  client.close();
});

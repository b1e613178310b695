import { AsyncLocalStorage } from 'node:async_hooks';
import {
  concatMap,
  filter,
  firstValueFrom,
  forkJoin,
  from,
  lastValueFrom,
  map,
  mergeMap,
  NEVER,
  Subject,
  take,
  toArray,
} from 'rxjs';
import { Queue } from 'bullmq';
import { adaptive, fifo } from '../../lib/queues/index.js';
import { bullmqDispatcher } from '../../lib/bullmq/index.js';
import {
  AsyncQueueFullError,
  bearerToken,
  ClientError,
  ConfigurationError,
  ServerError,
  type AlicloudError,
  type CallEvent,
} from '../../lib/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { describeWithRedis } from '../support/redis-server.js';
import { Fleet, until } from './support.js';

const echo = (request: unknown): unknown => ({ RequestId: 'r', request });
const forever = (): Promise<never> => new Promise(() => undefined);

describeWithRedis('the dispatcher over BullMQ', (path) => {
  let fleet: Fleet;
  let queueName: string;

  beforeAll(async () => {
    fleet = await Fleet.start(path);
  });
  beforeEach(() => {
    queueName = fleet.queue();
  });
  afterEach(() => fleet.clear());
  afterAll(() => fleet.close());

  const codeOf = (error: unknown): string => (error as AlicloudError).code;

  describe('a call', () => {
    it('is made by a worker, and gives the response once', async () => {
      const client = fleet.client(queueName);
      fleet.answer(queueName, echo);
      const values = await lastValueFrom(client.describeRegions({ AcceptLanguage: 'en-US' }).pipe(toArray()));
      expect(values).toEqual([{ RequestId: 'r', request: { AcceptLanguage: 'en-US' } }]);
    });

    it('is cold: nothing is put into the queue before it is subscribed to, and each subscription is one', async () => {
      const client = fleet.client(queueName);
      const call$ = client.describeRegions();
      await firstValueFrom(client.idle$);
      const { jobs$ } = fleet.answer(queueName, echo);
      await Promise.all([firstValueFrom(call$), firstValueFrom(call$)]);
      expect(await firstValueFrom(jobs$.pipe(take(2), toArray()))).toHaveLength(2);
      expect(await fleet.redis.get(`bull:${queueName}:id`)).toBe('2');
    });

    it('gives the HTTP facts where they are asked for, bytes and dates as they were', async () => {
      const client = fleet.client(queueName);
      const body = { bytes: Uint8Array.of(1, 255), big: 2n ** 64n, at: new Date(7) };
      fleet.answer(queueName, () => body);
      expect(await firstValueFrom(client.describeRegions({}, { observe: 'response' }))).toEqual({
        kind: 'response',
        status: 200,
        headers: { a: 'b' },
        attempts: [expect.objectContaining({ number: 1, status: 200 })],
        body,
      });
    });

    it('ends in the error that it had at the worker, whole', async () => {
      const client = fleet.client(queueName);
      const facts = {
        code: 'Throttling.User',
        message: 'Too many',
        status: 429,
        action: 'DescribeRegions',
        requestId: 'R-1',
        headers: { 'retry-after': '3' },
        rawBody: '{}',
      };
      fleet.answer(queueName, () => {
        throw Object.assign(new ServerError(facts), { retryAfter: 3000 });
      });
      const error = await firstValueFrom(client.describeRegions()).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(ServerError);
      expect(error).toMatchObject({ ...facts, message: expect.stringMatching(/^Too many \(Throttling/) as string });
      expect(error).toMatchObject({ retryAfter: 3000, product: 'Ecs', regionId: 'cn-hangzhou' });
    });

    it('is refused before it is accepted where it does not fit, or can not travel', async () => {
      const client = fleet.client(queueName);
      const told: string[] = [];
      client.describeInstances({ PageSize: 'x' as never }).subscribe({ error: (error) => told.push(codeOf(error)) });
      client
        .describeRegions({}, { tag: { f: () => 1 } })
        .subscribe({ error: (error) => told.push((error as ConfigurationError).path) });
      expect(told).toEqual(['SDK.InvalidRequest', 'tag.f']);
      await firstValueFrom(client.idle$);
      expect(await fleet.left(queueName)).toBe(0);
    });

    it('hears of its end in its own async context', async () => {
      const client = fleet.client(queueName);
      const storage = new AsyncLocalStorage<number>();
      fleet.answer(queueName, echo);
      const seen = await Promise.all(
        [1, 2, 3].map((id) =>
          storage.run(id, () => firstValueFrom(client.describeRegions().pipe(map(() => storage.getStore())))),
        ),
      );
      expect(seen).toEqual([1, 2, 3]);
    });

    it('tells its events, with its id in the queue', async () => {
      const client = fleet.client(queueName);
      const events: CallEvent[] = [];
      client.events$.subscribe((event) => events.push(event));
      const { jobs$ } = fleet.answer(queueName, echo);
      await firstValueFrom(client.describeRegions());
      const { id } = await firstValueFrom(jobs$);
      expect(events.map(({ type }) => type)).toEqual(['queued', 'started', 'finished']);
      expect(events[0]).toMatchObject({ jobId: id, call: { product: 'Ecs', action: 'DescribeRegions' } });
      expect(events[2]).toMatchObject({ attempts: 1 });
    });

    it('tells its id where interceptors stand around it, which run here', async () => {
      const seen: string[] = [];
      const client = fleet.client(queueName, {
        interceptors: [
          (next) => (call) => {
            seen.push(call.operation.action);
            return next({ ...call, request: { AcceptLanguage: 'ja' } });
          },
        ],
      });
      const queued$ = client.events$.pipe(filter((event) => event.type === 'queued'));
      const queued = firstValueFrom(queued$);
      const { jobs$ } = fleet.answer(queueName, echo);
      expect(await firstValueFrom(client.describeRegions())).toMatchObject({ request: { AcceptLanguage: 'ja' } });
      expect(await queued).toMatchObject({ jobId: (await firstValueFrom(jobs$)).id });
      expect(seen).toEqual(['DescribeRegions']);
    });

    it('is a job that dashboards can read: its name, its failure', async () => {
      const client = fleet.client(queueName);
      const { jobs$ } = fleet.answer(queueName, () => {
        throw new ClientError('SDK.NetworkError', 'no route');
      });
      await firstValueFrom(client.describeRegions()).catch(() => undefined);
      const { id, name } = await firstValueFrom(jobs$);
      expect(name).toBe('Ecs.DescribeRegions');
      await until(async () => (await fleet.redis.zscore(`bull:${queueName}:failed`, String(id))) !== null);
      expect(await fleet.redis.hget(`bull:${queueName}:${id}`, 'failedReason')).toBe('no route');
    });

    it('takes its deadline along, by the clock of Redis', async () => {
      const client = fleet.client(queueName);
      const { jobs$ } = fleet.answer(queueName, echo);
      const time = async (): Promise<number> => {
        const [seconds, micros] = await fleet.redis.time();
        return Number(seconds) * 1000 + Number(micros) / 1000;
      };
      const before = await time();
      await firstValueFrom(client.describeRegions({}, { deadline: 60_000 }));
      const after = await time();
      const { data } = await firstValueFrom(jobs$);
      expect(data.expiresAt).toBeGreaterThan(before + 59_000 - (after - before));
      expect(data.expiresAt).toBeLessThanOrEqual(after + 60_000);
      await firstValueFrom(client.describeRegions());
      expect((await firstValueFrom(jobs$.pipe(take(2), toArray())))[1]?.data).not.toHaveProperty('expiresAt');
    });

    it('ends at its deadline though nobody works, and leaves the queue', async () => {
      const client = fleet.client(queueName);
      const error = await firstValueFrom(client.describeRegions({}, { deadline: 50 })).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'SDK.Timeout', phase: 'deadline' });
      await until(async () => (await fleet.left(queueName)) === 0);
    });

    it('may be of no known description, and of two clients on one queue', async () => {
      const client = fleet.client(queueName);
      fleet.answer(queueName, echo);
      const request = { product: 'Vpc', version: '2016-04-28', action: 'DescribeVpcs' };
      expect(await firstValueFrom(client.request(request))).toEqual({ RequestId: 'r', request });
    });
  });

  describe('channels and callbacks', () => {
    it('are answered, and told of errors', async () => {
      const client = fleet.client(queueName);
      fleet.answer(queueName, (request) => {
        if (request.AcceptLanguage === 'bad') throw new ClientError('SDK.NetworkError', 'no');
        return { RequestId: 'r' };
      });
      const [responses, errors] = client.describeRegionsWithChan();
      expect([await responses.receive(), await errors.receive()]).toEqual([{ RequestId: 'r' }, undefined]);
      const [none, failure] = client.describeRegionsWithChan({ AcceptLanguage: 'bad' });
      expect([await none.receive(), (await failure.receive())?.code]).toEqual([undefined, 'SDK.NetworkError']);
      const told: unknown[] = [];
      const blockers = [
        client.describeRegionsWithCallback({}, (response, error) => told.push([response, error])),
        client.describeRegionsWithCallback({ AcceptLanguage: 'bad' }, (response, error) =>
          told.push([response, error?.code]),
        ),
      ];
      expect(told).toEqual([]);
      expect(await Promise.all(blockers.map((blocker) => blocker.receive()))).toEqual([1, 0]);
      expect(told).toEqual(
        expect.arrayContaining([
          [{ RequestId: 'r' }, undefined],
          [undefined, 'SDK.NetworkError'],
        ]),
      );
    });

    it('are refused with the mode off, as ever', async () => {
      const client = fleet.client(queueName, { enableAsync: false });
      const [, errors] = client.describeRegionsWithChan();
      expect((await errors.receive())?.code).toBe('SDK.AsyncFunctionNotEnabled');
    });
  });

  describe('places', () => {
    it('are poolSize + maxTaskQueueSize for the fleet: the next call is refused with the sizes, and no other disturbed', async () => {
      const [one, other] = [1, 2].map(() => fleet.client(queueName, { poolSize: 2, maxTaskQueueSize: 3 }));
      const outcomes: string[] = [];
      const call = (client = one): void => {
        client
          ?.describeRegions()
          .subscribe({ next: () => outcomes.push('response'), error: (e) => outcomes.push(codeOf(e)) });
      };
      for (let i = 0; i < 3; i++) call(one);
      await until(async () => (await fleet.left(queueName)) === 3);
      for (let i = 0; i < 3; i++) call(other);
      await until(() => outcomes.length === 1);
      expect(outcomes).toEqual(['SDK.AsyncQueueFull']);
      // Those that were taken are on their way.
      await until(async () => (await fleet.left(queueName)) === 5);
      const refused = await firstValueFrom(other!.describeRegions()).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(AsyncQueueFullError);
      expect(refused).toMatchObject({ poolSize: 2, maxTaskQueueSize: 3 });
      fleet.answer(queueName, echo);
      await until(() => outcomes.length === 6);
      expect(outcomes.filter((outcome) => outcome === 'response')).toHaveLength(5);
      await until(async () => (await fleet.redis.zcard(fleet.keys(queueName).places)) === 0);
    });

    it('are free when the caller hears of the end: a call made then finds room', async () => {
      const client = fleet.client(queueName, { poolSize: 1, maxTaskQueueSize: 0 });
      fleet.answer(queueName, echo);
      const responses$ = from([1, 2, 3, 4, 5]).pipe(
        concatMap(() => client.describeRegions()),
        toArray(),
      );
      expect(await lastValueFrom(responses$)).toHaveLength(5);
    });

    it('start in the order in which they were accepted', async () => {
      const client = fleet.client(queueName, { maxTaskQueueSize: 1000 });
      const calls$ = from(Array.from({ length: 300 }, (_, i) => i)).pipe(
        mergeMap((i) => client.describeInstances({ PageSize: i })),
      );
      const done = lastValueFrom(calls$);
      await until(async () => (await fleet.left(queueName)) === 300);
      const { jobs$ } = fleet.answer(queueName, echo, 1);
      await done;
      const jobs = await firstValueFrom(jobs$.pipe(take(300), toArray()));
      expect(jobs.map(({ data }) => (data.request as { PageSize: number }).PageSize)).toEqual(
        Array.from({ length: 300 }, (_, i) => i),
      );
    });

    it('can be more or fewer while it runs, for all', async () => {
      const [one, other] = [1, 2].map(() => fleet.client(queueName, { poolSize: 1, maxTaskQueueSize: 0 }));
      const running = one!.describeRegions().subscribe();
      await until(async () => (await fleet.left(queueName)) === 1);
      expect(await firstValueFrom(other!.describeRegions()).catch(codeOf)).toBe('SDK.AsyncQueueFull');
      one!.resize(2, 1);
      await until(async () => (await fleet.redis.hget(`bull:${queueName}:meta`, 'concurrency')) === '2');
      const more = other!.describeRegions().subscribe();
      await until(async () => (await fleet.left(queueName)) === 2);
      expect((await firstValueFrom(other!.stats$.pipe(filter(({ poolSize }) => poolSize === 2)))).poolSize).toBe(2);
      expect(() => one!.resize(0)).toThrow(ConfigurationError);
      running.unsubscribe();
      more.unsubscribe();
    });

    it('are those of the client that turns the mode on last', async () => {
      const one = fleet.client(queueName, { poolSize: 1, maxTaskQueueSize: 0 });
      const first = one.describeRegions().subscribe();
      await until(async () => (await fleet.left(queueName)) === 1);
      const other = fleet.client(queueName, { poolSize: 1, maxTaskQueueSize: 1 });
      const second = other.describeRegions().subscribe();
      await until(async () => (await fleet.left(queueName)) === 2);
      first.unsubscribe();
      second.unsubscribe();
    });
  });

  describe('unsubscribing', () => {
    it('takes a call out of the queue that waits, and its place is free at once', async () => {
      const client = fleet.client(queueName, { poolSize: 1, maxTaskQueueSize: 0 });
      const call = client.describeRegions().subscribe();
      await until(async () => (await fleet.left(queueName)) === 1);
      call.unsubscribe();
      await until(async () => (await fleet.left(queueName)) === 0);
      fleet.answer(queueName, echo);
      expect(await firstValueFrom(client.describeRegions())).toBeDefined();
      expect(await fleet.redis.get(`bull:${queueName}:id`)).toBe('2');
    });

    it('before it was sent anywhere sends nothing', async () => {
      const client = fleet.client(queueName);
      client.describeRegions().subscribe().unsubscribe();
      await firstValueFrom(client.describeRegions({}, { deadline: 200 })).catch(() => undefined);
      expect(await fleet.redis.get(`bull:${queueName}:id`)).toBe('1');
      expect(await fleet.redis.zcard(fleet.keys(queueName).places)).toBe(0);
    });

    it('tells the worker that has it in hand, by a message and a key', async () => {
      const client = fleet.client(queueName);
      const { jobs$ } = fleet.answer(queueName, forever);
      const { cancel, cancelled } = fleet.keys(queueName);
      const channel = fleet.connect();
      const messages: string[] = [];
      channel.on('message', (_channel, message) => messages.push(message));
      await channel.subscribe(cancel);
      const call = client.describeRegions().subscribe();
      const { id } = await firstValueFrom(jobs$);
      await firstValueFrom(client.stats$.pipe(filter(({ running }) => running === 1)));
      call.unsubscribe();
      await until(() => messages.length > 0);
      expect(messages).toEqual([id]);
      expect(await fleet.redis.pttl(cancelled(String(id)))).toBeGreaterThan(0);
      channel.disconnect();
    });

    it('in any order and number leaves nothing behind', async () => {
      const client = fleet.client(queueName, { maxTaskQueueSize: 1000 });
      const calls = Array.from({ length: 300 }, () => client.describeRegions().subscribe());
      await until(async () => (await fleet.left(queueName)) === 300);
      for (const call of calls.reverse()) call.unsubscribe();
      await firstValueFrom(client.idle$);
      await until(async () => (await fleet.left(queueName)) === 0);
    });
  });

  describe('shutting down', () => {
    it('finishes its own calls and no others, then its connections are closed and the mode is off', async () => {
      const one = fleet.client(queueName);
      const other = fleet.client(queueName);
      const go = new Subject<void>();
      fleet.answer(queueName, (request) => firstValueFrom(go.pipe(map(() => request)), { defaultValue: request }));
      const answers = forkJoin([one.describeRegions(), one.describeRegions()]);
      const own = firstValueFrom(answers);
      void firstValueFrom(other.describeRegions()).catch(() => undefined);
      await until(async () => (await fleet.left(queueName)) === 3);
      const reported: number[] = [];
      const down$ = one.shutdown();
      down$.subscribe(({ running, waiting }) => reported.push(running + waiting));
      expect(reported).toEqual([2]);
      expect(await firstValueFrom(one.describeRegionsWithChan()[1].asObservable())).toMatchObject({
        code: 'SDK.AsyncFunctionNotEnabled',
      });
      go.next();
      go.complete();
      await own;
      await lastValueFrom(down$);
      expect(reported.at(-1)).toBe(0);
      expect(await lastValueFrom(one.shutdown())).toEqual({ running: 0, waiting: 0 });
    });

    it('cuts its calls off where it aborts, waiting and running ones', async () => {
      const client = fleet.client(queueName);
      const { jobs$ } = fleet.answer(queueName, forever, 1);
      const outcomes: string[] = [];
      for (let i = 0; i < 3; i++)
        client.describeRegions().subscribe({ error: (error) => outcomes.push(codeOf(error)) });
      const { id } = await firstValueFrom(jobs$);
      await until(async () => (await fleet.left(queueName)) === 3);
      await firstValueFrom(client.stats$.pipe(filter(({ running }) => running === 1)));
      const down$ = client.shutdown({ mode: 'abort' });
      expect(outcomes).toEqual(['SDK.Aborted', 'SDK.Aborted', 'SDK.Aborted']);
      await lastValueFrom(down$);
      expect(await fleet.left(queueName)).toBe(1);
      expect(await fleet.redis.exists(fleet.keys(queueName).cancelled(String(id)))).toBe(1);
    });

    it('cuts off after a timeout what is left', async () => {
      const client = fleet.client(queueName);
      const outcome = firstValueFrom(client.describeRegions()).catch(codeOf);
      await until(async () => (await fleet.left(queueName)) === 1);
      await lastValueFrom(client.shutdown({ timeout: 20 }));
      expect(await outcome).toBe('SDK.Aborted');
      expect(await fleet.left(queueName)).toBe(0);
    });

    it('aborts what is on its way into the queue, and it does not stay there', async () => {
      const client = fleet.client(queueName);
      const outcomes: string[] = [];
      for (let i = 0; i < 10; i++)
        client.describeRegions().subscribe({ error: (error) => outcomes.push(codeOf(error)) });
      await Promise.resolve();
      await lastValueFrom(client.shutdown({ mode: 'abort' }));
      expect(outcomes).toEqual(Array.from({ length: 10 }, () => 'SDK.Aborted'));
      expect(await fleet.left(queueName)).toBe(0);
    });

    it("closes its own connections, and leaves its owner's alone", async () => {
      const count = async (): Promise<number> =>
        String(await fleet.redis.call('CLIENT', 'LIST'))
          .trim()
          .split('\n').length;
      const mine = fleet.connect();
      await mine.ping();
      const before = await count();
      for (const connection of [mine, fleet.connection]) {
        const client = fleet.client(queueName, {}, { connection });
        const call = client.describeRegions().subscribe();
        await until(async () => (await fleet.left(queueName)) === 1);
        await until(async () => (await count()) === before + (connection === mine ? 1 : 2));
        call.unsubscribe();
        await lastValueFrom(client.shutdown());
        await until(async () => (await count()) === before);
      }
      expect(await mine.ping()).toBe('PONG');
      expect(await fleet.left(queueName)).toBe(0);
      mine.disconnect();
    });

    it('may be followed by enableAsync at once: generations do not mix', async () => {
      const client = fleet.client(queueName);
      const go = new Subject<void>();
      const first = firstValueFrom(client.describeRegions({ AcceptLanguage: 'a' }));
      await until(async () => (await fleet.left(queueName)) === 1);
      const down$ = client.shutdown();
      client.enableAsync(5, 10);
      expect(() => client.enableAsync()).toThrow('The async mode is on already');
      const second = firstValueFrom(client.describeRegions({ AcceptLanguage: 'b' }));
      fleet.answer(queueName, echo);
      go.next();
      expect(await first).toMatchObject({ request: { AcceptLanguage: 'a' } });
      await lastValueFrom(down$);
      expect(await second).toMatchObject({ request: { AcceptLanguage: 'b' } });
      expect(await firstValueFrom(client.describeRegions())).toBeDefined();
    });

    it('refuses later calls where it is a close', async () => {
      const client = fleet.client(queueName);
      await lastValueFrom(client.close());
      expect(await firstValueFrom(client.describeRegions()).catch(codeOf)).toBe('SDK.Closed');
    });

    it('completes with nothing under way, before it was ever connected', async () => {
      const client = fleet.client(queueName, {}, { connection: { path: '/nowhere/redis.sock' } });
      expect(await lastValueFrom(client.shutdown())).toEqual({ running: 0, waiting: 0 });
    });
  });

  it('pauses and resumes the queue, for all', async () => {
    const [one, other] = [fleet.client(queueName), fleet.client(queueName)];
    one.pause();
    await until(async () => (await fleet.redis.hexists(`bull:${queueName}:meta`, 'paused')) === 1);
    const answers: unknown[] = [];
    other.describeRegions().subscribe((answer) => answers.push(answer));
    const { jobs$ } = fleet.answer(queueName, echo);
    await until(async () => (await fleet.left(queueName)) === 1);
    expect(answers).toEqual([]);
    other.resume();
    await firstValueFrom(jobs$);
    await until(() => answers.length === 1);
  });

  it('tells how the queue is doing, of all', async () => {
    const [one, other] = [fleet.client(queueName), fleet.client(queueName)];
    const { jobs$ } = fleet.answer(queueName, forever, 1);
    const calls = [1, 2, 3].map(() => other.describeRegions().subscribe());
    await firstValueFrom(jobs$);
    await until(async () => (await fleet.left(queueName)) === 3);
    const { fleet: told } = await firstValueFrom(one.stats$.pipe(filter((stats) => stats.fleet?.running === 1)));
    expect(told).toEqual({ running: 1, waiting: 2, delayed: 0, failed: 0 });
    expect(await firstValueFrom(other.stats$.pipe(filter(({ running }) => running === 1)))).toMatchObject({
      waiting: 2,
    });
    for (const call of calls) call.unsubscribe();
  });

  it('ends a call whose job somebody takes out of the queue', async () => {
    const client = fleet.client(queueName);
    const queued = firstValueFrom(client.events$.pipe(filter((event) => event.type === 'queued')));
    const outcome = firstValueFrom(client.describeRegions()).catch(codeOf);
    await until(async () => (await fleet.left(queueName)) === 1);
    const queue = new Queue(queueName, { connection: fleet.connection });
    await queue.remove(String((await queued).jobId));
    expect(await outcome).toBe('SDK.Aborted');
    await queue.close();
  });

  it('makes calls directly with the mode off', async () => {
    const seen: string[] = [];
    const client = new EcsClient({
      regionId: 'cn-hangzhou',
      rateLimiter: false,
      dispatcher: bullmqDispatcher({ connection: fleet.connection, queueName }),
      transport: {
        send: ({ url }) => {
          seen.push(url);
          return NEVER;
        },
      },
      credentials: bearerToken('t'),
    });
    const outcome = firstValueFrom(client.describeRegions()).catch(codeOf);
    await until(() => seen.length === 1);
    await lastValueFrom(client.close());
    expect(await outcome).toBe('SDK.Aborted');
    expect(await fleet.redis.exists(`bull:${queueName}:meta`)).toBe(0);
  });

  describe('options', () => {
    const make = (options: object) => () =>
      new EcsClient({ enableAsync: true, dispatcher: bullmqDispatcher({ connection: fleet.connection }), ...options });

    it('that adapt to one process, or order its calls, are refused', () => {
      expect(make({ poolSize: adaptive({ min: 1, max: 2 }) })).toThrow(
        '`poolSize` to be an integer >= 1 beside a dispatcher',
      );
      expect(make({ queue: fifo() })).toThrow('`queue` to be absent beside a dispatcher');
      expect(make({ gateway: 'http://127.0.0.1/g' })).toThrow('`dispatcher` to be absent');
      expect(make({ retry: { policy: () => 1 } })).toThrow('`retry.policy` to be plain data');
      const client = new EcsClient({ dispatcher: bullmqDispatcher({ connection: fleet.connection }) });
      expect(() => client.enableAsync(1, 1, { queue: fifo() })).toThrow(ConfigurationError);
      expect(() => client.enableAsync(adaptive({ min: 1, max: 2 }))).toThrow(ConfigurationError);
      expect(() => client.enableAsync(0)).toThrow(ConfigurationError);
    });

    it.each([
      [{}, 'bullmqDispatcher.connection'],
      [{ connection: 5 }, 'bullmqDispatcher.connection'],
      [{ connection: {}, queueName: 'a:b' }, 'bullmqDispatcher.queueName'],
      [{ connection: {}, queueName: '' }, 'bullmqDispatcher.queueName'],
      [{ connection: {}, prefix: 5 }, 'bullmqDispatcher.prefix'],
      [{ connection: {}, keepResultFor: -1 }, 'bullmqDispatcher.keepResultFor'],
      [{ connection: {}, maxResultSize: 0 }, 'bullmqDispatcher.maxResultSize'],
      [{ connection: {}, acceptTimeout: '5' }, 'bullmqDispatcher.acceptTimeout'],
      [{ connection: {}, propagation: {} }, 'bullmqDispatcher.propagation'],
      [{ connection: {}, quueName: 'x' }, 'bullmqDispatcher.quueName'],
    ])('%j is refused by its path', (options, at) => {
      let thrown: unknown;
      try {
        bullmqDispatcher(options as never);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(ConfigurationError);
      expect(thrown).toMatchObject({ path: at });
    });
  });
});

import { filter, firstValueFrom, lastValueFrom, NEVER, retry } from 'rxjs';
import { callResult } from '../../lib/bullmq/index.js';
import { FleetPool, heardFor } from '../../lib/bullmq/fleet-pool.js';
import { monotonicNow } from '../../lib/clock/monotonic.js';
import { ServerError, type AlicloudError } from '../../lib/index.js';
import { Runtime } from '../../lib/pipeline/runtime.js';
import { describeRegions } from '../../lib/services/ecs.js';
import { describeWithRedis } from '../support/redis-server.js';
import { startProxy } from '../support/tcp-proxy.js';
import { Fleet, until } from './support.js';

const answer = (request: unknown): unknown => ({ RequestId: 'r', request });
const codeOf = (error: unknown): string => (error as AlicloudError).code;

describeWithRedis('a producer whose Redis fails', (path) => {
  let fleet: Fleet;
  let queueName: string;

  beforeEach(async () => {
    fleet = await Fleet.start(path);
    queueName = fleet.queue();
  });
  afterEach(async () => {
    fleet.server.resume();
    await fleet.clear();
    await fleet.close();
  });

  it('ends calls that it can not take within the time in SDK.FleetUnavailable, and takes them when it is there', async () => {
    await fleet.server.kill();
    const client = fleet.client(queueName, {}, { acceptTimeout: 100 });
    expect(await firstValueFrom(client.describeRegions()).catch(codeOf)).toBe('SDK.FleetUnavailable');
    const waits = firstValueFrom(fleet.client(queueName).describeRegions());
    await fleet.server.start();
    fleet.answer(queueName, answer);
    expect(await waits).toEqual(answer({}));
    expect(await firstValueFrom(client.describeRegions().pipe(retry()))).toEqual(answer({}));
  });

  it('does not make a call later that it could not take', async () => {
    const client = fleet.client(queueName, {}, { acceptTimeout: 100 });
    const seen: unknown[] = [];
    fleet.answer(queueName, (request) => seen.push(request));
    // As often as it takes to connect.
    await firstValueFrom(client.describeRegions({ AcceptLanguage: 'a' }).pipe(retry()));
    // What has just answered is taken to answer, and is sent calls at once, which then wait for as long as it takes.
    const heardAt = monotonicNow();
    await until(() => monotonicNow() - heardAt > heardFor);
    fleet.server.pause();
    // More than are sent at a time, and at several times.
    const outcomes: Promise<unknown>[] = [];
    for (let i = 0; i < 700; i++) {
      outcomes.push(firstValueFrom(client.describeRegions({ AcceptLanguage: 'b' })).catch(codeOf));
      if (i % 200 === 0) await Promise.resolve();
    }
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['SDK.FleetUnavailable']));
    fleet.server.resume();
    await firstValueFrom(fleet.client(queueName).describeRegions({ AcceptLanguage: 'c' }));
    expect(seen).toEqual([{ AcceptLanguage: 'a' }, { AcceptLanguage: 'c' }]);
    await until(async () => (await fleet.redis.zcard(fleet.keys(queueName).places)) === 0);
    expect(await fleet.left(queueName)).toBe(0);
  });

  it('ends calls at once in SDK.FleetUnavailable that a full Redis refuses', async () => {
    const client = fleet.client(queueName, {}, { acceptTimeout: 60_000 });
    fleet.answer(queueName, answer);
    await firstValueFrom(client.describeRegions());
    await fleet.redis.config('SET', 'maxmemory', '1');
    const error = await firstValueFrom(client.describeRegions()).catch((error: unknown) => error);
    expect(String(error)).toMatch(/SDK\.FleetUnavailable/);
    expect(String(error)).toMatch(/refuses it \(OOM\)/);
    await fleet.redis.config('SET', 'maxmemory', '0');
    expect(await firstValueFrom(client.describeRegions())).toEqual(answer({}));
  });

  it('makes calls that wait wait on, no longer than their deadline', async () => {
    const client = fleet.client(queueName);
    const waits = firstValueFrom(client.describeRegions());
    const limited = firstValueFrom(client.describeRegions({}, { deadline: 500 })).catch(codeOf);
    await until(async () => (await fleet.left(queueName)) === 2);
    await fleet.server.kill();
    expect(await limited).toBe('SDK.Timeout');
    await fleet.server.start();
    fleet.answer(queueName, answer);
    expect(await waits).toEqual(answer({}));
  });

  it('puts calls that Redis has lost into the queue again where that is safe, and says of others that nobody knows', async () => {
    const client = fleet.client(queueName, { poolSize: 1, maxTaskQueueSize: 1 });
    const outcomes = [
      firstValueFrom(client.describeRegions()).catch(codeOf),
      firstValueFrom(client.deleteInstance({ InstanceId: 'i' }, { retry: false })).catch(codeOf),
    ];
    await until(async () => (await fleet.left(queueName)) === 2);
    await fleet.server.kill();
    await fleet.server.start({ empty: true });
    expect(await outcomes[1]).toBe('SDK.OutcomeUnknown');
    fleet.answer(queueName, answer);
    expect(await outcomes[0]).toEqual(answer({}));
    expect(await fleet.redis.hget(`bull:${queueName}:meta`, 'concurrency')).toBe('1');
    expect(await fleet.redis.hgetall(fleet.keys(queueName).sizes)).toEqual({ poolSize: '1', maxTaskQueueSize: '1' });
  });

  it('looks now and then for what it has not heard of', async () => {
    const runtime = new Runtime({ regionId: 'cn-hangzhou' });
    const dispatch = {
      connection: fleet.connection,
      queueName,
      prefix: 'bull',
      keepResultFor: 60_000,
      acceptTimeout: 10_000,
      propagation: undefined,
      maxResultSize: 1000,
    };
    const host = { poolSize: 5, maxTaskQueueSize: 5, runtime, emptied: () => undefined, resized: () => undefined };
    const pool = new FleetPool(host, { ...dispatch, lookEvery: 30 });
    const kind = { requiresAsync: false, codecs: 'tables', observe: 'body' } as const;
    const call = runtime.contextOf({ operation: describeRegions, request: {}, options: undefined }, kind);
    const outcome = firstValueFrom(pool.run(call, () => NEVER));
    await until(async () => (await fleet.left(queueName)) === 1);
    const events = `bull:${queueName}:events`;
    // As by a Redis whose stream was cut short before it was read.
    await fleet.redis.flushall();
    await fleet.redis.xadd(events, '99999999999999-0', 'event', 'none');
    fleet.answer(queueName, answer);
    expect(await outcome).toMatchObject({ body: answer({}) });
    await lastValueFrom(pool.shutdown());
  });

  it('shuts down though its Redis is away, and keeps nothing open', async () => {
    const client = fleet.client(queueName);
    const outcome = firstValueFrom(client.describeRegions()).catch(codeOf);
    await until(async () => (await fleet.left(queueName)) === 1);
    fleet.server.pause();
    const down$ = client.shutdown({ mode: 'abort' });
    expect(await outcome).toBe('SDK.Aborted');
    expect(await lastValueFrom(down$)).toEqual({ running: 0, waiting: 0 });
  });

  it.each(['cut', 'hold'] as const)(
    'loses no call and adds none twice where the network is %s on the way',
    async (fault) => {
      const proxy = await startProxy({ path: fleet.server.socket });
      const seen: unknown[] = [];
      fleet.answer(queueName, ({ PageSize }) => seen.push(PageSize));
      const connection = { host: '127.0.0.1', port: proxy.port, retryStrategy: () => 20 };
      const client = fleet.client(queueName, {}, { connection });
      await firstValueFrom(client.describeInstances({ PageSize: 0 }));
      const outcomes: Promise<unknown>[] = [];
      for (let i = 1; i <= 30; i++) {
        outcomes.push(firstValueFrom(client.describeInstances({ PageSize: i })));
        if (i % 10 === 5) {
          proxy[fault](...((fault === 'hold' ? ['toClient'] : []) as []));
          await new Promise((resolve) => setImmediate(resolve));
          proxy.heal();
        }
      }
      await Promise.all(outcomes);
      expect(seen.sort((one, other) => Number(one) - Number(other))).toEqual(Array.from({ length: 31 }, (_, i) => i));
      await fleet.clear();
      await proxy.close();
    },
  );
});

describeWithRedis('the result of a call of another process', (path) => {
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

  const idOf = async (client: ReturnType<Fleet['client']>): Promise<string> => {
    const queued = firstValueFrom(client.events$.pipe(filter((event) => event.type === 'queued')));
    client.describeRegions().subscribe({ error: () => undefined });
    return String((await queued).jobId);
  };
  const result = (jobId: string) => firstValueFrom(callResult({ connection: fleet.connection, queueName }, jobId));

  it('is read by its id, before it has ended and after', async () => {
    const jobId = await idOf(fleet.client(queueName));
    await until(async () => (await fleet.left(queueName)) === 1);
    const early = result(jobId);
    fleet.answer(queueName, answer);
    expect(await early).toMatchObject({ kind: 'response', status: 200, body: answer({}) });
    expect(await result(jobId)).toEqual(await early);
  });

  it('is the error that it had', async () => {
    const jobId = await idOf(fleet.client(queueName));
    const facts = { code: 'A.B', message: 'm', status: 400, action: 'DescribeRegions', headers: {}, rawBody: '' };
    fleet.answer(queueName, () => {
      throw new ServerError(facts);
    });
    await until(async () => (await fleet.redis.zscore(`bull:${queueName}:failed`, jobId)) !== null);
    const error = await result(jobId).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ code: 'A.B', status: 400 });
  });

  it('is unknown where the queue knows of no such call', async () => {
    expect(await result('nobody').catch(codeOf)).toBe('SDK.OutcomeUnknown');
  });
});

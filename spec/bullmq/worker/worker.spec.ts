import { lastValueFrom, NEVER, of, Subject, take, timer } from 'rxjs';
import { AlicloudClient } from '../../../lib/client.js';
import { accessKey } from '../../../lib/credentials/credentials.js';
import { isClientError, isServerError, type AlicloudError } from '../../../lib/errors.js';
import { alicloudWorker } from '../../../lib/bullmq/index.js';
import { keysOf, type CallJob } from '../../../lib/bullmq/job.js';
import type { ContextPropagation } from '../../../lib/propagation.js';
import { RateLimiter } from '../../../lib/throttling/rate-limiter.js';
import type { HttpRequest, HttpResponse } from '../../../lib/transport/transport.js';
import { EcsClient } from '../../../lib/services/ecs.js';
import { describeWithRedis } from '../../support/redis-server.js';
import { eventOf, ok, openQueue, refusal, secret, serve, transferred, until, type TestQueue } from './support.js';

const keys = keysOf({ prefix: 'bull', queueName: 'rx-alicloud' });
const actionOf = ({ headers }: HttpRequest): string => headers['x-acs-action'] ?? '';
const unsafe: Partial<CallJob> = { action: 'StartInstance', request: { InstanceId: 'i-1' }, safe: false };

describeWithRedis('a worker', (path) => {
  let at: TestQueue;
  beforeAll(async () => {
    at = await openQueue(path);
  });
  afterEach(() => at.clear());
  afterAll(() => at.close());

  it('makes a call, and gives its status, headers, attempts and body', async () => {
    const { client, sent } = serve(() => of(ok({ RequestId: 'R-1', TotalCount: 3 })));
    const { worker, events } = at.work({ clients: [client], name: 'one' });
    await lastValueFrom(worker.ready());
    const job = await at.add({ request: { PageSize: 10 } });
    expect(await at.outcomeOf(job)).toEqual({
      result: {
        status: 200,
        headers: { 'x-acs-request-id': 'R-1' },
        body: { RequestId: 'R-1', TotalCount: 3 },
        attempts: [expect.objectContaining({ number: 1, status: 200 })],
        worker: 'one',
      },
    });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.body ?? sent[0]?.url).toContain('PageSize=10');
    expect(events.map(({ type }) => type)).toEqual(['started', 'finished']);
    expect(events[1]).toMatchObject({ jobId: job.id, name: 'Ecs.DescribeInstances' });
  });

  it('makes calls with the options that travelled', async () => {
    const { client, sent } = serve(() => of(ok()));
    at.work({ clients: [client] });
    const options = transferred({ regionId: 'cn-beijing', headers: { 'x-one': '1' }, query: { Extra: 'x' } });
    await at.outcomeOf(await at.add({ options }));
    expect(sent[0]?.headers).toMatchObject({ 'x-one': '1' });
    expect(sent[0]?.url).toContain('Extra=x');
    expect(sent[0]?.url).toContain('RegionId=cn-beijing');
  });

  it('makes calls without a description, whose bytes come back, with a client of any product', async () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => i);
    const client = new AlicloudClient({
      endpoint: 'any.example.com',
      regionId: 'cn-hangzhou',
      credentials: accessKey('AKID', secret),
      transport: { send: () => of({ status: 200, headers: {}, body: '', bytes }) },
    });
    at.work({ clients: [client] });
    const described = { product: 'Any', version: '2020-01-01', action: 'GetBytes', responseType: 'bytes' };
    const job = await at.add({ ...described, request: undefined, untyped: transferred(described) });
    const { result } = await at.outcomeOf(job);
    expect(result?.body).toEqual(transferred(bytes));
  });

  it('fails a job with the whole error, a readable reason and no secret', async () => {
    const answer = refusal(403, 'Forbidden.RAM', { 'x-acs-request-id': 'R-2' });
    const echoing = { ...answer, body: answer.body.replace('It is', `The secret ${secret} of`) };
    const { client } = serve(() => of(echoing));
    at.work({ clients: [client] });
    const local = await lastValueFrom(client.describeInstances({})).catch((error: unknown) => error as AlicloudError);
    const { error, reason } = await at.outcomeOf(await at.add({}));
    const timeless = (json: object): unknown =>
      JSON.parse(JSON.stringify(json), (key, value: unknown) => (/startedAt|duration/.test(key) ? 0 : value));
    expect(timeless(error!.toJSON())).toEqual(timeless((local as AlicloudError).toJSON()));
    expect(isServerError(error, 'Forbidden')).toBe(true);
    expect(reason).toMatch(
      /^ServerError: The secret \*\*\* of .*\(Forbidden\.RAM, Ecs DescribeInstances, cn-hangzhou\)/,
    );
    const [job] = await at.queue.getFailed();
    expect(JSON.stringify(job)).not.toContain(secret);
    expect(job?.stacktrace?.join('')).not.toContain('.ts:');
  });

  it('refuses a result that is too big, and says that the call was executed', async () => {
    const { client, sent } = serve(() => of(ok({ RequestId: 'R'.repeat(2000) })));
    at.work({ clients: [client] });
    const { error } = await at.outcomeOf(await at.add({ maxResultSize: 1000 }));
    expect(isClientError(error, 'SDK.ResponseTooLarge')).toBe(true);
    expect(error?.message).toMatch(/was executed.* 2\d\d\d bytes.*maxResultSize is 1000/);
    expect(sent).toHaveLength(1);
    expect((await at.outcomeOf(await at.add({ maxResultSize: 3000 }))).error).toBeUndefined();
  });

  describe('refuses what it can not make, and goes on', () => {
    const call: CallJob = {
      v: 1,
      product: 'Ecs',
      version: '2014-05-26',
      action: 'DescribeInstances',
      request: {},
      safe: true,
      runId: 'r',
      durable: false,
    };
    const cases: [name: string, data: unknown, message: RegExp][] = [
      ['another product', { ...call, product: 'Rds' }, /with one of Rds 2014-05-26, got Ecs 2014-05-26/],
      ['another version', { ...call, version: '2013-01-10' }, /with one of Ecs 2013-01-10/],
      ['an unknown action', { ...call, action: 'DescribeInstance' }, /did you mean `DescribeInstances`/],
      ['an inherited action', { ...call, action: '__proto__' }, /job\.action/],
      ['another form', { ...call, v: 2 }, /Expected `job\.v` to be 1, .* got 2/],
      ['no form', {}, /job\.v/],
      ['a text', 'text', /Expected `job` to be the data of a call, got a string/],
      ['nothing', null, /Expected `job`/],
      ['a list', [call], /Expected `job`/],
      ['an action that is none', { ...call, action: 5 }, /job\.action/],
      ['a safety that is none', { ...call, safe: 'yes' }, /job\.safe/],
      ['attempts that are none', { ...call, attempts: 3 }, /job\.attempts/],
      ['a context that is none', { ...call, context: { a: 1 } }, /job\.context/],
      ['options that are none', { ...call, options: 'all' }, /job\.options/],
      ['tags that are none', { ...call, request: { '@': 5 } }, /job\.request/],
      ['a bigint that is none', { ...call, request: { '@': ['bigint', 'x'] } }, /job\.request/],
      ['an unknown option', { ...call, options: { credentialz: 1 } }, /credentialz/],
      ['an unfit request', { ...call, request: { PageSize: 'many' } }, /PageSize/],
      ['a request that is none', { ...call, request: 5 }, /DescribeInstances was not sent/],
    ];

    it.each(cases)('%s', async (_name, data, message) => {
      const { client, sent } = serve(() => of(ok()));
      at.work({ clients: [client] });
      const { error } = await at.outcomeOf(await at.queue.add('Junk', data));
      expect(error?.code).toMatch(/^SDK\.Invalid(Configuration|Request)$/);
      expect(error?.message).toMatch(message);
      expect(sent).toHaveLength(0);
      expect((await at.outcomeOf(await at.add({}))).result?.status).toBe(200);
    });
  });

  describe('gives a call back that a throttle holds', () => {
    const throttled = refusal(429, 'Throttling.Api', { 'retry-after': '30' });

    it('which leaves its place to other calls at once', async () => {
      const { client, sent } = serve((request) =>
        of(actionOf(request) === 'DescribeInstances' && sent.length === 1 ? throttled : ok()),
      );
      const worker = at.work({ clients: [client], concurrency: 1 });
      const held = await at.add({});
      const { until: opens, reason } = await eventOf(worker, 'delayed');
      expect(reason).toBe('throttled');
      expect(opens - Date.now()).toBeGreaterThan(20_000);
      expect(await held.getState()).toBe('delayed');
      expect((await at.outcomeOf(await at.add({ action: 'DescribeRegions' }))).result?.status).toBe(200);
    });

    it('with the same ClientToken, and with all attempts in the end', async () => {
      const { client, sent } = serve(() =>
        of(sent.length === 1 ? refusal(429, 'Throttling.Api', { 'retry-after': '0.2' }) : ok()),
      );
      at.work({ clients: [client], concurrency: 1 });
      const request = { ImageId: 'i', InstanceType: 't', ClientToken: 'token-1' };
      const job = await at.add({ action: 'RunInstances', request });
      const { result } = await at.outcomeOf(job);
      expect(result?.attempts.map(({ number, code }) => [number, code])).toEqual([
        [1, 'Throttling.Api'],
        [2, undefined],
      ]);
      expect(sent.map(({ url, body }) => /ClientToken=([\w-]+)/.exec(url + String(body))?.[1])).toEqual([
        'token-1',
        'token-1',
      ]);
      const { attemptsMade } = (await at.queue.getJob(job.id ?? '')) ?? {};
      expect(attemptsMade).toBe(1);
    });

    it('no longer than its own maxRetryAfter and its deadline allow', async () => {
      const { client } = serve(() => of(throttled));
      const worker = at.work({ clients: [client] });
      const short = await at.outcomeOf(await at.add({ options: { maxRetryAfter: 1000 } }));
      expect(short.error).toMatchObject({ code: 'Throttling.Api', retryAfter: 30_000 });
      const [seconds = ''] = (await at.connection.time()).map(String);
      const expiring = await at.outcomeOf(await at.add({ expiresAt: Number(seconds) * 1000 + 10_000 }));
      expect(expiring.error).toMatchObject({ code: 'SDK.Throttled' });
      expect(worker.events.map(({ type }) => type)).not.toContain('delayed');
    });

    it('no more often than it may be sent', async () => {
      const { client, sent } = serve(() => of(refusal(429, 'Throttling.Api', { 'retry-after': '0.03' })), {
        rateLimiter: false,
      });
      at.work({ clients: [client] });
      const { error } = await at.outcomeOf(await at.add({ options: { retry: { maxAttempts: 3 } } }));
      expect(error?.code).toBe('Throttling.Api');
      expect(error?.attempts?.map(({ number }) => number)).toEqual([1, 2, 3]);
      expect(sent).toHaveLength(3);
    });

    it('each once, with turns one after the other, while other calls go on', async () => {
      const { client, sent } = serve((request) => of(actionOf(request) === 'DescribeInstances' ? throttled : ok()));
      const worker = at.work({ clients: [client], concurrency: 5 });
      const held = await Promise.all(Array.from({ length: 100 }, () => at.add({})));
      const others = await Promise.all(Array.from({ length: 20 }, () => at.add({ action: 'DescribeRegions' })));
      const results = await Promise.all(others.map((job) => at.outcomeOf(job)));
      expect(results.map(({ result }) => result?.status)).toEqual(others.map(() => 200));
      await until(async () => (await at.queue.getDelayedCount()) === held.length);
      const delays = worker.events.flatMap((event) => (event.type === 'delayed' ? [event] : []));
      expect(delays).toHaveLength(held.length);
      const turns = delays.map((event) => event.until).sort((one, other) => one - other);
      expect(new Set(turns).size).toBeGreaterThan(held.length / 2);
      expect(sent.filter((each) => actionOf(each) === 'DescribeInstances').length).toBeLessThanOrEqual(5);
    });

    it('or a limit of the rate limiter, which other calls are not under', async () => {
      const rateLimiter = new RateLimiter({
        limits: [{ by: ['operation'], rate: { limit: 2, interval: 60_000 } }],
      });
      const { client, sent } = serve(() => of(ok()), { rateLimiter });
      const worker = at.work({ clients: [client], concurrency: 1 });
      const held = await Promise.all(Array.from({ length: 5 }, () => at.add({ options: { maxRetryAfter: 0 } })));
      expect((await at.outcomeOf(await at.add({ action: 'DescribeRegions' }))).result?.status).toBe(200);
      await until(async () => (await at.queue.getDelayedCount()) === 3);
      const states = await Promise.all(held.map((job) => job.getState()));
      expect(states.sort()).toEqual(['completed', 'completed', 'delayed', 'delayed', 'delayed']);
      expect(sent).toHaveLength(3);
      expect(worker.events.find(({ type }) => type === 'delayed')).toMatchObject({ error: { code: 'SDK.Throttled' } });
    });

    it('to be made again after a long wait of another kind, where that is safe', async () => {
      const { client, sent } = serve(() => of(refusal(503, 'ServiceUnavailable', { 'retry-after': '2' })));
      const worker = at.work({ clients: [client] });
      await at.add({});
      expect(await eventOf(worker, 'delayed')).toMatchObject({ reason: 'retry' });
      const { error } = await at.outcomeOf(await at.add(unsafe));
      expect(error?.code).toBe('ServiceUnavailable');
      expect(sent).toHaveLength(2);
    });
  });

  describe('of calls that must not be executed twice', () => {
    it('ends one without sending it that another worker may have made and is not heard of', async () => {
      const { client, sent } = serve(() => of(ok()));
      const worker = at.work({ clients: [client] });
      await at.queue.pause();
      const job = await at.add(unsafe);
      const [seconds = ''] = (await at.connection.time()).map(String);
      await at.connection.hset(keys.claim(job.id ?? ''), {
        owner: 'another',
        lease: Number(seconds) * 1000 + 3_600_000,
      });
      await at.queue.resume();
      expect(await eventOf(worker, 'delayed')).toMatchObject({ jobId: job.id, reason: 'claimed' });
      await at.connection.hset(keys.claim(job.id ?? ''), 'lease', 1);
      await (await at.queue.getJob(job.id ?? ''))?.promote();
      const { error, reason } = await at.outcomeOf(job);
      expect(isClientError(error, 'SDK.OutcomeUnknown')).toBe(true);
      expect(reason).toContain('StartInstance may have been executed');
      expect(sent).toHaveLength(0);
    });

    it('ends one as the worker that was cut off says it did', async () => {
      const { client, sent } = serve(() => of(ok()));
      at.work({ clients: [client] });
      const result = { status: 200, headers: {}, body: { RequestId: 'R-9' }, attempts: [], worker: 'other' };
      await at.queue.pause();
      const job = await at.add(unsafe);
      await at.connection.hset(keys.claim(job.id ?? ''), {
        owner: 'another',
        lease: 0,
        outcome: JSON.stringify({ result }),
      });
      await at.queue.resume();
      expect(await at.outcomeOf(job)).toEqual({ result });
      expect(sent).toHaveLength(0);
    });

    it.each([
      [false, 'SDK.OutcomeUnknown'],
      [true, undefined],
    ])(
      'does not send one of a Redis that was another before it, unless that loses nothing: %p',
      async (durable, code) => {
        const { client, sent } = serve(() => of(ok()));
        at.work({ clients: [client] });
        const { error } = await at.outcomeOf(await at.add({ ...unsafe, durable, runId: 'f'.repeat(40) }));
        expect(error?.code).toBe(code);
        expect(sent).toHaveLength(code === undefined ? 1 : 0);
        expect((await at.outcomeOf(await at.add({ runId: 'f'.repeat(40) }))).error).toBeUndefined();
      },
    );

    it('gives one back, without its claim, that was refused before it was executed', async () => {
      const { client, sent } = serve(() =>
        of(sent.length === 1 ? refusal(429, 'Throttling.Api', { 'retry-after': '0.1' }) : ok()),
      );
      at.work({ clients: [client] });
      expect((await at.outcomeOf(await at.add(unsafe))).error).toBeUndefined();
      expect(sent).toHaveLength(2);
    });
  });

  describe('cancels', () => {
    it('a call that runs: its request is aborted', async () => {
      const { client, aborted, running } = serve(() => NEVER);
      const worker = at.work({ clients: [client] });
      const job = await at.add({});
      await until(() => running() === 1);
      await at.connection.publish(keys.cancel, job.id ?? '');
      const { error } = await at.outcomeOf(job);
      expect(isClientError(error, 'SDK.Aborted')).toBe(true);
      expect([aborted(), running()]).toEqual([1, 0]);
      expect(worker.events.map(({ type }) => type)).toEqual(['started', 'cancelled']);
    });

    it('a call whose cancellation was not heard', async () => {
      const { client, aborted, running } = serve(() => NEVER);
      at.work({ clients: [client], lockDuration: 400 });
      const job = await at.add({});
      await until(() => running() === 1);
      await at.connection.set(keys.cancelled(job.id ?? ''), '1', 'PX', 60_000);
      expect(isClientError((await at.outcomeOf(job)).error, 'SDK.Aborted')).toBe(true);
      expect(aborted()).toBe(1);
    });

    it('a call that it is about to be given', async () => {
      const { client, sent } = serve(() => of(ok()));
      const { worker } = at.work({ clients: [client] });
      await lastValueFrom(worker.ready());
      await at.queue.pause();
      const job = await at.add({});
      await until(async () => (await at.connection.publish(keys.cancel, job.id ?? '')) === 1);
      // Messages come in their order.
      await until(async () => (await at.connection.publish(keys.cancel, 'another')) === 1);
      await at.queue.resume();
      expect((await at.outcomeOf(job)).error?.code).toBe('SDK.Aborted');
      expect(sent).toHaveLength(0);
    });
  });

  it('does not make a call whose time is over', async () => {
    const { client, sent } = serve(() => of(ok()));
    at.work({ clients: [client] });
    const { error } = await at.outcomeOf(await at.add({ expiresAt: 1 }));
    expect(error).toMatchObject({ code: 'SDK.Timeout', phase: 'deadline', action: 'DescribeInstances' });
    expect(sent).toHaveLength(0);
  });

  it('aborts a call when its time is over', async () => {
    const { client, aborted } = serve(() => NEVER);
    at.work({ clients: [client] });
    const [seconds = '', micros = ''] = (await at.connection.time()).map(String);
    const { error } = await at.outcomeOf(
      await at.add({ expiresAt: Number(seconds) * 1000 + Number(micros) / 1000 + 100 }),
    );
    expect(error).toMatchObject({ code: 'SDK.Timeout', phase: 'deadline' });
    expect(aborted()).toBe(1);
  });

  it('runs never more than the fleet may', async () => {
    const answers = new Subject<HttpResponse>();
    let most = 0;
    const served = [0, 1, 2].map(() => serve(() => timer(2).pipe(take(1), () => of(ok()))));
    const held = [0, 1, 2].map(() =>
      serve(() => {
        most = Math.max(
          most,
          held.reduce((sum, { running }) => sum + running(), 0),
        );
        return answers.pipe(take(1));
      }),
    );
    await at.queue.setGlobalConcurrency(4);
    for (const { client } of held) at.work({ clients: [client], concurrency: 3 });
    const jobs = await Promise.all(Array.from({ length: 20 }, () => at.add({})));
    const outcomes = Promise.all(jobs.map((job) => at.outcomeOf(job)));
    let done = false;
    void outcomes.then(() => (done = true));
    await until(() => held.reduce((sum, { running }) => sum + running(), 0) === 4);
    await until(() => {
      answers.next(ok());
      return done;
    });
    expect((await outcomes).every(({ error }) => error === undefined)).toBe(true);
    expect(most).toBe(4);
    expect(served).toHaveLength(3);
  });

  it('holds the rate of the fleet', async () => {
    const served = [serve(() => of(ok())), serve(() => of(ok()))];
    for (const { client } of served) at.work({ clients: [client], rate: { limit: 3, interval: 3_600_000 } });
    await Promise.all(Array.from({ length: 10 }, () => at.add({})));
    await until(async () => (await at.queue.getCompletedCount()) === 3);
    expect(await at.queue.getJobCounts('active', 'wait')).toEqual({ active: 0, wait: 7 });
    expect(served.reduce((sum, { sent }) => sum + sent.length, 0)).toBe(3);
  });

  describe('ends', () => {
    it('when what runs has ended, and takes nothing more', async () => {
      const answer = new Subject<HttpResponse>();
      const { client, sent } = serve(() => answer.pipe(take(1)));
      const { worker, events } = at.work({ clients: [client], concurrency: 1 });
      const [first] = [await at.add({}), await at.add({})];
      await until(() => sent.length === 1);
      const reports: unknown[] = [];
      const closed = lastValueFrom(worker.close());
      worker.close().subscribe((depth) => reports.push(depth));
      answer.next(ok());
      expect(await closed).toEqual({ running: 0, waiting: 0 });
      expect(reports).toEqual([
        { running: 1, waiting: 0 },
        { running: 0, waiting: 0 },
      ]);
      expect((await at.outcomeOf(first)).result?.status).toBe(200);
      expect(await at.queue.getWaitingCount()).toBe(1);
      expect(sent).toHaveLength(1);
      expect(events.map(({ type }) => type)).toEqual(['started', 'finished']);
    });

    it.each([[{ mode: 'abort' as const }], [{ timeout: 10 }]])(
      'by %j: another worker makes what is safe, the rest is not known',
      async (options) => {
        const { client, running, aborted } = serve(() => NEVER);
        const { worker } = at.work({ clients: [client] });
        const [safe, other] = [await at.add({}), await at.add(unsafe)];
        await until(() => running() === 2);
        await lastValueFrom(worker.close(options));
        expect([running(), aborted()]).toEqual([0, 2]);
        expect((await at.outcomeOf(other)).error?.code).toBe('SDK.OutcomeUnknown');
        const second = serve(() => of(ok()));
        at.work({ clients: [second.client] });
        expect((await at.outcomeOf(safe)).result?.status).toBe(200);
        expect(second.sent).toHaveLength(1);
      },
    );

    it('by itself where a client of it is closed: others make the calls', async () => {
      const { client, sent } = serve(() => of(ok()));
      const first = at.work({ clients: [client], name: 'first' });
      await lastValueFrom(first.worker.ready());
      client.close();
      const job = await at.add({});
      await lastValueFrom(first.events$);
      const second = serve(() => of(ok()));
      at.work({ clients: [second.client], name: 'second' });
      expect((await at.outcomeOf(job)).result?.worker).toBe('second');
      expect(sent).toHaveLength(0);
    });
  });

  it('makes a call in the context that it brings', async () => {
    const seen: unknown[] = [];
    let inside = false;
    const propagation: ContextPropagation = {
      inject: () => undefined,
      extract: (carrier, { jobId, queueName, call }, run) => {
        seen.push(carrier, jobId, queueName, call.operation.action);
        inside = true;
        const made = run();
        return made;
      },
    };
    const { client } = serve(() => of(ok()));
    at.work({ clients: [client], propagation });
    const job = await at.add({ context: { traceparent: '00-1' } });
    await at.outcomeOf(job);
    expect(inside).toBe(true);
    expect(seen).toEqual([{ traceparent: '00-1' }, job.id, 'rx-alicloud', 'DescribeInstances']);
  });
});

describe('alicloudWorker', () => {
  const connection = { call: () => Promise.resolve(), duplicate: () => ({}) };
  const client = new EcsClient();

  it.each<[object, RegExp]>([
    [{}, /alicloudWorker\.connection/],
    [{ connection: 'redis://127.0.0.1', clients: [client] }, /the options of a connection to Redis/],
    [{ connection }, /Expected `alicloudWorker\.clients` to be an array of clients/],
    [{ connection, clients: [] }, /alicloudWorker\.clients/],
    [{ connection, clients: [{}] }, /alicloudWorker\.clients/],
    [
      { connection, clients: [client, new EcsClient()] },
      /`alicloudWorker\.clients\[1\]` to be the only client of Ecs 2014-05-26/,
    ],
    [{ connection, clients: [new AlicloudClient(), new AlicloudClient()] }, /the only client of any product/],
    [{ connection, clients: [client], concurrency: 0 }, /concurrency.*an integer >= 1, got 0/],
    [{ connection, clients: [client], queueName: 'a:b' }, /queueName.*without a colon/],
    [{ connection, clients: [client], prefix: '' }, /prefix/],
    [{ connection, clients: [client], rate: { limit: 1 } }, /rate\.interval/],
    [{ connection, clients: [client], rate: { limit: 0, interval: 5 } }, /rate\.limit/],
    [{ connection, clients: [client], lockDuration: 50 }, /lockDuration.*from 100/],
    [{ connection, clients: [client], maxResultSize: 0 }, /maxResultSize/],
    [{ connection, clients: [client], name: 5 }, /name/],
    [{ connection, clients: [client], propagation: {} }, /propagation/],
    [{ connection, clients: [client], concurency: 5 }, /did you mean `concurrency`/],
  ])('refuses %j', (options, message) => {
    let thrown: unknown;
    try {
      alicloudWorker(options as never);
    } catch (error) {
      thrown = error;
    }
    expect(isClientError(thrown, 'SDK.InvalidConfiguration')).toBe(true);
    expect(String(thrown)).toMatch(message);
  });
});

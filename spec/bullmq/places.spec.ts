import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { lastValueFrom, take } from 'rxjs';
import { FleetQueue, refusalOf, type JobToAdmit } from '../../lib/bullmq/fleet-queue.js';
import { seeded } from '../async/seeded.js';
import { buildProgram, startProgram, type Program } from '../support/program.js';
import { describeWithRedis } from '../support/redis-server.js';
import type { ProducerArguments } from './producer-main.js';
import { Fleet, until } from './support.js';

describeWithRedis('the places of a fleet', (path) => {
  let fleet: Fleet;
  let queueName: string;
  let programs: readonly Program[] = [];

  beforeAll(async () => {
    fleet = await Fleet.start(path);
  });
  beforeEach(() => {
    queueName = fleet.queue();
  });
  // Where a spec fails, those that wait for answers would wait for ever.
  afterEach(() => Promise.all(programs.map((program) => program.kill())));
  afterEach(() => fleet.clear());
  afterAll(() => fleet.close());

  it.each([
    [37, 6, 20],
    [1, 5, 3],
    [700, 3, 300],
    [2000, 4, 100],
    // In several steps, of which the later ones are admitted and added at once.
    [600, 2, 900],
  ])(
    'are %i for %i producers with %i calls each: never one too many, and none refused while there is room',
    async (places, producers, calls) => {
      const clients = Array.from({ length: producers }, () =>
        fleet.client(queueName, { poolSize: 1, maxTaskQueueSize: places - 1 }),
      );
      let refused = 0;
      const subscriptions = clients.flatMap((client) =>
        Array.from({ length: calls }, () => client.describeRegions().subscribe({ error: () => refused++ })),
      );
      const room = Math.min(places, producers * calls);
      await until(async () => refused + (await fleet.left(queueName)) >= producers * calls);
      expect([await fleet.left(queueName), refused]).toEqual([room, producers * calls - room]);
      expect(await fleet.redis.zcard(fleet.keys(queueName).places)).toBe(0);
      for (const subscription of subscriptions) subscription.unsubscribe();
      await until(async () => (await fleet.left(queueName)) === 0);
    },
  );

  it('are held by processes of their own, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'producers-'));
    const file = buildProgram(join(__dirname, 'producer-main.ts'), folder);
    const args: ProducerArguments = {
      path: fleet.server.socket,
      queueName,
      calls: 150,
      poolSize: 5,
      maxTaskQueueSize: 195,
      onSignal: true,
    };
    programs = [1, 2, 3].map(() => startProgram(file, args));
    await Promise.all(programs.map((program) => program.told('ready')));
    const told = { error: 0, response: 0 };
    for (const { messages$ } of programs) {
      messages$.subscribe((message) => {
        for (const kind of ['error', 'response'] as const) if (kind in Object(message)) told[kind]++;
      });
    }
    for (const program of programs) program.send('begin');
    await until(() => told.error >= 250);
    // What was admitted is added a round trip later.
    await until(async () => (await fleet.left(queueName)) >= 200);
    expect(await fleet.left(queueName)).toBe(200);
    fleet.answer(queueName, () => ({ RequestId: 'r' }));
    // They end by themselves when they have nothing to do any more.
    expect(await Promise.all(programs.map((program) => program.ended))).toEqual([0, 0, 0]);
    rmSync(folder, { recursive: true });
    expect(told).toEqual({ error: 250, response: 200 });
  });

  it('are as many as a model says, whatever is admitted, added, given up, and ends, in whatever order', async () => {
    const step = fc.record({
      do: fc.constantFrom('admit', 'again', 'add', 'at once', 'sent again', 'release', 'end', 'vanish' as const),
      many: fc.integer({ min: 1, max: 6 }),
    });
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.array(step, { maxLength: 25 }),
      async (places, steps) => {
        const name = fleet.queue();
        const queue = new FleetQueue(
          { connection: fleet.connection, queueName: name, prefix: 'bull', keepResultFor: 0 },
          { events: {} },
          { poolSize: 1, maxTaskQueueSize: places - 1 },
        );
        // From then on it can do both at once.
        await queue.admit([], false);
        const placed: string[] = [];
        const added: string[] = [];
        let ids = 0;
        for (const { do: what, many } of steps) {
          const some = placed.slice(0, many);
          switch (what) {
            case 'admit': {
              const wanted = Array.from({ length: many }, () => `j${++ids}`);
              const admission = await queue.admit(wanted, false);
              const room = Math.max(0, places - placed.length - added.length);
              expect(admission?.admitted).toBe(Math.min(room, many));
              placed.push(...wanted.slice(0, admission?.admitted));
              break;
            }
            case 'again': {
              // As after an answer that was lost: those that had a place have it, whoever else wants one.
              const admission = await queue.admit(some, false);
              expect(admission?.admitted).toBe(some.length);
              break;
            }
            case 'add':
              await queue.add(
                some.map((jobId) => ({ jobId, name: 'Ecs.A', data: {} })),
                some,
              );
              added.push(...placed.splice(0, some.length));
              break;
            case 'at once': {
              const wanted = Array.from({ length: many }, () => `j${++ids}`);
              const admission = await queue.admitAndAdd(wanted.map(toAdmit));
              const room = Math.max(0, places - placed.length - added.length);
              expect(admission?.admitted).toBe(Math.min(room, many));
              added.push(...wanted.slice(0, admission?.admitted));
              break;
            }
            case 'sent again': {
              // As ioredis does where the connection was lost before the answer.
              const before = added.slice(0, many);
              expect((await queue.admitAndAdd(before.map(toAdmit)))?.admitted).toBe(before.length);
              expect(await fleet.left(name)).toBe(added.length);
              break;
            }
            case 'release':
              await queue.release(some);
              placed.splice(0, some.length);
              break;
            case 'end':
              for (const jobId of added.splice(0, many)) await queue.cancel(jobId);
              break;
            case 'vanish':
              for (const jobId of added.splice(0, many)) {
                await fleet.redis.lrem(`bull:${name}:wait`, 0, jobId);
                await fleet.redis.del(`bull:${name}:${jobId}`);
              }
          }
        }
        await lastValueFrom(queue.close(), { defaultValue: undefined });
      },
    );
    await fc.assert(property, seeded(25));
  });

  it('are taken in the step in which jobs are added, which writes into their data what Redis alone knows', async () => {
    const queue = new FleetQueue(
      { connection: fleet.connection, queueName, prefix: 'bull', keepResultFor: 60_000 },
      { events: {} },
      { poolSize: 2, maxTaskQueueSize: 0 },
    );
    // It adds nothing of which it would not hear.
    await queue.admit([], false);
    expect(queue.addsAtOnce).toBe(false);
    queue.keepAlive(true);
    await queue.admit([], false);
    expect(queue.addsAtOnce).toBe(true);
    const data = { v: 1, request: { Name: '}"ü' } };
    const jobs = [5000, undefined, 5000].map((remaining, i) => ({ jobId: `j${i}`, name: 'Ecs.A', data, remaining }));
    const admission = await queue.admitAndAdd(jobs);
    const runId = /run_id:(\w+)/.exec(await fleet.redis.info('server'))?.[1];
    expect(admission).toMatchObject({ admitted: 2, runId, poolSize: 2, maxTaskQueueSize: 0 });
    const found = await Promise.all(jobs.map(({ jobId }) => fleet.redis.hget(`bull:${queueName}:${jobId}`, 'data')));
    expect(found.map((json) => JSON.parse(json ?? 'null') as unknown)).toEqual([
      { ...data, runId, expiresAt: Number(admission?.now) + 5000 },
      { ...data, runId },
      null,
    ]);
    // Not even an expired place is tidied up first: after a write, a Redis that is full would take the jobs.
    await fleet.redis.zadd(fleet.keys(queueName).places, 1, 'expired');
    await fleet.redis.del(`bull:${queueName}:wait`);
    await fleet.redis.config('SET', 'maxmemory', '1');
    const refused = await queue.admitAndAdd(jobs).catch((error: unknown) => refusalOf(error));
    await fleet.redis.config('SET', 'maxmemory', '0');
    expect(refused).toBe('OOM');
    await lastValueFrom(queue.close(), { defaultValue: undefined });
  });

  it('are taken so by clients that Redis has just answered, and not where its sizes are lost', async () => {
    const client = fleet.client(queueName, { poolSize: 5 });
    fleet.answer(queueName, () => ({ RequestId: 'r' }));
    const transactions = async (): Promise<number> =>
      Number(/cmdstat_exec:calls=(\d+)/.exec(await fleet.redis.info('commandstats'))?.[1]);
    const call = (): Promise<unknown> => lastValueFrom(client.describeRegions());
    await until(async () => {
      const before = await transactions();
      await Promise.all(Array.from({ length: 5 }, call));
      return (await transactions()) === before;
    });
    await fleet.redis.del(fleet.keys(queueName).sizes);
    expect(await call()).toEqual({ RequestId: 'r' });
  });

  it('are given up where a producer has died on its way into the queue', async () => {
    const queue = new FleetQueue(
      { connection: fleet.connection, queueName, prefix: 'bull', keepResultFor: 0 },
      { events: {} },
      { poolSize: 1, maxTaskQueueSize: 1 },
    );
    const { places } = fleet.keys(queueName);
    const admission = await queue.admit(['a', 'b', 'c'], false);
    expect(admission).toMatchObject({ admitted: 2, poolSize: 1, maxTaskQueueSize: 1 });
    const until = Number(await fleet.redis.zscore(places, 'a'));
    expect(until - Number(admission?.now)).toBe(60_000);
    expect((await queue.admit(['d'], false))?.admitted).toBe(0);
    // As when that time has passed.
    await fleet.redis.zadd(places, 'XX', 1, 'a');
    expect((await queue.admit(['d', 'e'], false))?.admitted).toBe(1);
    await lastValueFrom(queue.close(), { defaultValue: undefined });
  });

  it('count those of all who have ended once, however: a call that failed leaves room', async () => {
    const client = fleet.client(queueName, { poolSize: 1, maxTaskQueueSize: 0 });
    fleet.answer(queueName, ({ AcceptLanguage }) => {
      if (AcceptLanguage === 'x') throw new Error('no');
      return {};
    });
    for (const AcceptLanguage of ['x', 'y', 'x']) {
      const ended = lastValueFrom(client.describeRegions({ AcceptLanguage }).pipe(take(1)), {
        defaultValue: undefined,
      });
      await ended.catch((error: { code: string }) => expect(error.code).toBe('SDK.Unexpected'));
    }
    expect(await fleet.left(queueName)).toBe(0);
  });
});

function toAdmit(jobId: string): JobToAdmit {
  return { jobId, name: 'Ecs.A', data: { v: 1 }, remaining: undefined };
}

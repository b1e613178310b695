import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { Subject, take } from 'rxjs';
import { isClientError } from '../../lib/errors.js';
import { redisAttempts, type RedisConnection } from '../../lib/gateway/redis/index.js';
import type { AttemptClaim, AttemptStore } from '../../lib/gateway/index.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { buildProgram, startProgram } from '../support/program.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { answerTo, newAttempt, siteOf, type Call, type Site } from './support.js';

describeWithRedis('attempts in Redis', (path) => {
  const folder = mkdtempSync(join(tmpdir(), 'redis-spec-'));
  let server: RedisServer;
  let ioredis: Redis;
  let nodeRedis: ReturnType<typeof createClient>;

  beforeAll(async () => {
    server = await startRedis({ path });
    ioredis = new Redis(server.socket);
    // What it tells of a server that is gone, a spec expects.
    ioredis.on('error', () => undefined);
    nodeRedis = createClient({ socket: { path: server.socket, tls: false } });
    nodeRedis.on('error', () => undefined);
    await nodeRedis.connect();
  });

  afterAll(async () => {
    ioredis.disconnect();
    nodeRedis.destroy();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const claimOf = (claim: Partial<AttemptClaim> = {}): AttemptClaim => ({
    key: newAttempt(),
    session: 's',
    fingerprint: 'f',
    owner: newAttempt(),
    lease: 60_000,
    keepFor: 60_000,
    takeOver: false,
    ...claim,
  });
  const answer = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Uint8Array.from({ length: 70_000 }, (_, i) => i),
  };

  describe.each(['ioredis', 'node-redis'])('over %s', (library) => {
    const connection = (): RedisConnection => (library === 'ioredis' ? ioredis : nodeRedis);
    const store = (): AttemptStore => redisAttempts({ connection: connection(), prefix: `${library}:` });

    it('gives a claim to one of many', async () => {
      const claim = claimOf();
      const states = await Promise.all(
        Array.from({ length: 20 }, () => store().claim({ ...claim, owner: newAttempt() })),
      );
      expect(states.filter(({ state }) => state === 'claimed')).toHaveLength(1);
      expect(states.filter(({ state }) => state === 'running')).toHaveLength(19);
    });

    it('keeps an answer, byte for byte', async () => {
      const claim = claimOf();
      await store().claim(claim);
      await store().answer(claim, answer);
      expect(await store().claim(claimOf({ key: claim.key, fingerprint: 'other' }))).toEqual({
        state: 'answered',
        fingerprint: 'f',
        answer,
      });
    });

    it('keeps that there was an answer which is too long', async () => {
      const claim = claimOf();
      await store().claim(claim);
      await store().answer(claim, undefined);
      expect(await store().claim(claim)).toMatchObject({ state: 'answered', answer: undefined });
      expect(await store().claim({ ...claim, takeOver: true })).toEqual({ state: 'claimed' });
    });

    it('takes the answer of the owner alone, and gives a claim back to all', async () => {
      const claim = claimOf();
      await store().claim(claim);
      const other = { ...claim, owner: 'other' };
      await store().answer(other, answer);
      await store().release(other);
      expect(await store().claim(other)).toMatchObject({ state: 'running' });
      await store().release(claim);
      expect(await store().claim(other)).toEqual({ state: 'claimed' });
    });

    it('tells of a claim whose lease has ended, unless it may be taken over', async () => {
      const claim = claimOf({ lease: 0 });
      await store().claim(claim);
      expect(await store().claim(claim)).toMatchObject({ state: 'lost', fingerprint: 'f' });
      await store().renew({ ...claim, lease: 60_000 });
      expect(await store().claim(claim)).toMatchObject({ state: 'running' });
      await store().renew(claim);
      expect(await store().claim({ ...claim, takeOver: true, fingerprint: 'other' })).toMatchObject({ state: 'lost' });
      expect(await store().claim({ ...claim, takeOver: true })).toEqual({ state: 'claimed' });
    });

    it('forgets an attempt in its time', async () => {
      const claim = claimOf({ keepFor: 300_000 });
      await store().claim(claim);
      await store().answer(claim, answer);
      const left = await ioredis.pttl(`${library}:${claim.key}`);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(300_000);
    });
  });

  const call = {
    path: '/Ecs/2014-05-26/RunInstances',
    request: { ImageId: 'i', InstanceType: 'ecs.t6-c1m1.large', Amount: 1 },
  };
  const gatewayOn = (prefix: string, more: Parameters<typeof siteOf>[0] = {}): Site =>
    siteOf({ ...more, attempts: { store: redisAttempts({ connection: ioredis, prefix }) } });

  it('makes an attempt in one of several gateways, and gives its answer from all', async () => {
    const sites = Array.from({ length: 4 }, () => gatewayOn('several:'));
    const attempt = newAttempt();
    const answers = await Promise.all([...sites, ...sites].map((site) => answerTo(site, { ...call, attempt })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map((each) => each.status)).toEqual(answers.map(() => 200));
    expect(sites.flatMap(({ upstream }) => upstream.sent)).toHaveLength(1);
    expect(answers.filter(({ headers }) => headers.has('x-rx-alicloud-replayed'))).toHaveLength(7);
  });

  it('refuses other bytes and other sessions in every gateway', async () => {
    const [one, other] = [gatewayOn('bytes:'), gatewayOn('bytes:')];
    const attempt = newAttempt();
    await answerTo(one, { ...call, attempt });
    expect(await answerTo(other, { ...call, attempt, request: { ...call.request, Amount: 2 } })).toMatchObject({
      status: 409,
      code: 'Gateway.AttemptMismatch',
    });
    expect(other.upstream.sent).toHaveLength(0);
    const stranger = await answerTo(other, { ...call, attempt, headers: { 'x-user': 'stranger' } });
    expect([stranger.status, stranger.headers.get('x-rx-alicloud-replayed')]).toEqual([200, null]);
  });

  describe('a gateway that is killed while it makes an attempt', () => {
    let file: string;
    beforeAll(() => {
      file = buildProgram('spec/gateway/held-attempt-main.ts', folder);
    });

    async function killed(prefix: string, made: Call): Promise<void> {
      const program = startProgram(file, server.socket, prefix, made);
      await program.told('sent');
      await program.kill();
    }

    it('leaves a write as one of which nobody knows: no other makes it again', async () => {
      const made = { ...call, attempt: newAttempt() };
      await killed('killed:', made);
      const alive = gatewayOn('killed:');
      for (let time = 0; time < 2; time++)
        expect(await answerTo(alive, made)).toMatchObject({ status: 409, code: 'Gateway.AttemptUnknown' });
      expect(alive.upstream.sent).toHaveLength(0);
    });

    it('leaves a read for another', async () => {
      const made = { path: '/Ecs/2014-05-26/DescribeInstances', attempt: newAttempt() };
      await killed('killed:', made);
      const alive = gatewayOn('killed:');
      expect((await answerTo(alive, made)).status).toBe(200);
      expect(alive.upstream.sent).toHaveLength(1);
    });
  });

  describe('Redis', () => {
    const keyIn = async (prefix: string): Promise<string> => {
      for (;;) {
        const [key] = await ioredis.keys(`${prefix}*`);
        if (key !== undefined) return key;
      }
    };
    const held = (prefix: string) => {
      const answer$ = new Subject<HttpResponse>();
      const store = redisAttempts({ connection: ioredis, prefix });
      return {
        answer$,
        site: siteOf({ transport: { send: () => answer$.pipe(take(1)) }, attempts: { store, lease: 300 } }),
      };
    };
    const done = { status: 200, headers: {}, body: '{"RequestId":"R-1"}' };

    it('that is killed and starts empty gets the claims again that are renewed, and no attempt is made twice', async () => {
      const { answer$, site } = held('restarted:');
      const attempt = newAttempt();
      const first = answerTo(site, { ...call, attempt });
      const key = await keyIn('restarted:');
      await server.kill();
      await server.start();
      while ((await ioredis.exists(key)) === 0);
      const other = gatewayOn('restarted:');
      const second = answerTo(other, { ...call, attempt });
      while (!answer$.observed) await new Promise(setImmediate);
      answer$.next(done);
      expect((await first).text).toBe(done.body);
      expect((await second).text).toBe(done.body);
      expect(other.upstream.sent).toHaveLength(0);
    });

    it('that starts empty in front of the answer has it nevertheless', async () => {
      const { answer$, site } = held('emptied:');
      const attempt = newAttempt();
      const first = answerTo(site, { ...call, attempt });
      await keyIn('emptied:');
      while (!answer$.observed) await new Promise(setImmediate);
      await ioredis.flushall();
      answer$.next(done);
      await first;
      const other = gatewayOn('emptied:');
      expect((await answerTo(other, { ...call, attempt })).text).toBe(done.body);
      expect(other.upstream.sent).toHaveLength(0);
    });

    it('that does not answer holds nobody up: nothing is sent, and nothing is left of it', async () => {
      const asked: Promise<unknown>[] = [];
      const connection: RedisConnection = {
        call: (command, ...args) => {
          const reply = ioredis.call(command, ...args);
          if (command !== 'SCRIPT') asked.push(reply);
          return reply;
        },
      };
      const site = siteOf({ attempts: { store: redisAttempts({ connection, prefix: 'stopped:' }) } });
      server.pause();
      jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
      try {
        const refused = answerTo(site, call);
        while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
        await jest.advanceTimersByTimeAsync(5000);
        expect(await refused).toMatchObject({ status: 503, code: 'Gateway.Overloaded' });
      } finally {
        jest.useRealTimers();
        server.resume();
      }
      // The claim, and that it is given back.
      while (asked.length < 2) await new Promise(setImmediate);
      await Promise.all(asked);
      expect(await ioredis.keys('stopped:*')).toEqual([]);
      expect(site.upstream.sent).toHaveLength(0);
    });

    it('that is full is asked in vain: nothing is sent; an answer that it does not take is given, once', async () => {
      const full = gatewayOn('full:');
      await ioredis.config('SET', 'maxmemory', '1');
      expect(await answerTo(full, call)).toMatchObject({ status: 503, code: 'Gateway.Overloaded' });
      expect(full.upstream.sent).toHaveLength(0);
      await ioredis.config('SET', 'maxmemory', '0');
      const { answer$, site } = held('full:');
      const attempt = newAttempt();
      const first = answerTo(site, { ...call, attempt });
      while (!answer$.observed) await new Promise(setImmediate);
      await ioredis.config('SET', 'maxmemory', '1');
      answer$.next(done);
      expect((await first).text).toBe(done.body);
      await ioredis.config('SET', 'maxmemory', '0');
      expect(await answerTo(full, { ...call, attempt })).toMatchObject({ status: 409, code: 'Gateway.AttemptUnknown' });
      expect(full.upstream.sent).toHaveLength(0);
    });
  });

  it('sends nothing where Redis can not be asked', async () => {
    const broken = { call: () => Promise.reject(new Error('redis://:secret@host is down')) };
    const site = siteOf({ attempts: { store: redisAttempts({ connection: broken }) } });
    const refused = await answerTo(site, call);
    expect(refused).toMatchObject({ status: 503, code: 'Gateway.Overloaded' });
    expect(refused.text).not.toContain('redis');
    expect(site.upstream.sent).toHaveLength(0);
  });
});

describe('redisAttempts', () => {
  it.each([
    [{}],
    [{ connection: 'redis://127.0.0.1' }],
    [{ connection: {} }],
    [{ connection: { call: () => Promise.resolve() }, prefx: '' }],
  ])('refuses %j', (options) => {
    let thrown: unknown;
    try {
      redisAttempts(options as never);
    } catch (error) {
      thrown = error;
    }
    expect(isClientError(thrown, 'SDK.InvalidConfiguration')).toBe(true);
  });
});

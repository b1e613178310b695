import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { firstValueFrom, lastValueFrom, NEVER, Subject } from 'rxjs';
import { isClientError } from '../../lib/errors.js';
import { redisAttempts, type RedisConnection } from '../../lib/gateway/redis/index.js';
import type { AttemptClaim, AttemptStore } from '../../lib/gateway/index.js';
import { answerTo, credentials, newAttempt, recorderOf, regionId, siteOf, type Site } from './support.js';

const { stdout, status } = spawnSync(process.execPath, ['scripts/redis.mjs'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
const path = stdout.trim();

it('finds a Redis, or is allowed to go without', () => {
  expect(status).toBe(0);
});

(path === '' ? describe.skip : describe)('attempts in Redis', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const socket = join(folder, 'redis.sock');
  let server: ChildProcess;
  let ioredis: Redis;
  let nodeRedis: ReturnType<typeof createClient>;

  beforeAll(async () => {
    const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder];
    server = spawn(path, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      server.once('exit', () => reject(new Error('Redis ended')));
      server.stdout?.on('data', (data: Buffer) => {
        if (String(data).includes('ready to accept')) resolve();
      });
    });
    ioredis = new Redis(socket);
    nodeRedis = createClient({ socket: { path: socket, tls: false } });
    await nodeRedis.connect();
  });

  afterAll(async () => {
    ioredis.disconnect();
    nodeRedis.destroy();
    server.removeAllListeners('exit');
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });

  const claimOf = (claim: Partial<AttemptClaim> = {}): AttemptClaim => ({
    key: newAttempt(),
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

  it('does not make an attempt again whose gateway has died', async () => {
    const claimed$ = new Subject<void>();
    const hanging = { send: () => (claimed$.next(), NEVER), stream: () => NEVER };
    const attempt = newAttempt();
    const sent = firstValueFrom(claimed$);
    // What a process does that is gone: it says nothing any more.
    const store = redisAttempts({ connection: ioredis, prefix: 'died:' });
    const held = siteOf({
      client: { regionId, credentials, transport: recorderOf(hanging), retry: false },
      attempts: { store: { ...store, renew: () => Promise.resolve() }, lease: 1 },
    });
    const cutOff = answerTo(held, { ...call, attempt });
    await sent;
    const alive = gatewayOn('died:');
    expect(await answerTo(alive, { ...call, attempt })).toMatchObject({ status: 409, code: 'Gateway.AttemptUnknown' });
    expect(alive.upstream.sent).toHaveLength(0);
    await lastValueFrom(held.gateway.close({ mode: 'abort' }), { defaultValue: undefined });
    expect((await cutOff).code).toBe('Gateway.Overloaded');
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

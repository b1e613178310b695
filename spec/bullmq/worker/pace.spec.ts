import { Redis } from 'ioredis';
import { keysOf } from '../../../lib/bullmq/job.js';
import { Pace } from '../../../lib/bullmq/worker/pace.js';
import type { ReadCall } from '../../../lib/bullmq/worker/read-job.js';
import { ScriptRunner } from '../../../lib/redis/scripts.js';
import { describeWithRedis, startRedis, type RedisServer } from '../../support/redis-server.js';

const keys = keysOf({ prefix: 'bull', queueName: 'q' });
const state = keys.turns('Ecs:DescribeInstances:cn-hangzhou');

function callOf(more: Partial<ReadCall> = {}): ReadCall {
  return {
    v: 1,
    product: 'Ecs',
    version: '2014-05-26',
    action: 'DescribeInstances',
    request: {},
    options: { regionId: 'cn-hangzhou' },
    untyped: undefined,
    attempts: [],
    safe: true,
    runId: '',
    durable: false,
    ...more,
  };
}

describeWithRedis('the pace of calls that a throttle holds back', (path) => {
  let server: RedisServer;
  let redis: Redis;
  let pace: Pace;
  beforeAll(async () => {
    server = await startRedis({ path });
    redis = new Redis(server.socket);
  });
  beforeEach(async () => {
    await redis.flushall();
    pace = new Pace(new ScriptRunner(redis), keys);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.close();
  });

  const now = async (): Promise<number> => {
    const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
    return seconds * 1000 + micros / 1000;
  };
  /** When the next looks at the pace, in so many milliseconds it was let through and refused so often. */
  const measured = async (duration: number, passed: number, refused: number): Promise<void> => {
    await redis.hset(state, { since: Math.floor((await now()) - duration), passed, refused });
  };
  const refuse = async (count: number, wait = 5000): Promise<number[]> => {
    const turns: number[] = [];
    for (let i = 0; i < count; i++) {
      const begun = await now();
      turns.push(begun + (await pace.delayOf(`job-${turns.length}-${i}`, callOf(), wait)));
    }
    return turns;
  };
  const gaps = (turns: readonly number[]): number[] => turns.slice(1).map((turn, i) => turn - (turns[i] ?? 0));

  it('gives each a turn of its own, after the throttle', async () => {
    const delays: number[] = [];
    for (let i = 0; i < 20; i++) delays.push(await pace.delayOf(`job-${i}`, callOf(), 5000));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(5000);
    const turns = (
      await redis.zrange(keys.turns('Ecs:DescribeInstances:cn-hangzhou:jobs'), 0, -1, 'WITHSCORES')
    ).filter((_, i) => i % 2 === 1);
    expect(new Set(turns).size).toBe(20);
  });

  it('is what was let through while others were refused', async () => {
    await refuse(1);
    // Ten a second: less than a tenth of a second between two.
    await measured(10_000, 100, 5);
    await refuse(1);
    expect(Number(await redis.hget(state, 'gap'))).toBeCloseTo(95, -1);
    const between = gaps(await refuse(5));
    for (const gap of between) expect(gap).toBeGreaterThan(50);
  });

  it('is slower where nothing was let through, and faster where nothing was refused, within bounds', async () => {
    await refuse(1);
    await redis.hset(state, 'gap', 100);
    await measured(2000, 0, 5);
    await refuse(1);
    expect(Number(await redis.hget(state, 'gap'))).toBe(200);
    await measured(2000, 5, 0);
    await pace.passed('job', callOf());
    expect(Number(await redis.hget(state, 'gap'))).toBe(140);
    for (const [gap, passed, refused, bound] of [
      [1, 5, 0, 1],
      [9000, 0, 5, 10_000],
    ] as const) {
      await redis.hset(state, 'gap', gap);
      await measured(2000, passed, refused);
      await pace.passed('job', callOf());
      expect(Number(await redis.hget(state, 'gap'))).toBe(bound);
    }
  });

  it('lets others come before their turns while none is refused, the next ones first', async () => {
    for (let i = 0; i < 5; i++) await pace.delayOf(`job-${i}`, callOf(), 5000);
    expect(await pace.passed('job', callOf())).toEqual([]);
    await measured(2000, 5, 0);
    expect(await pace.passed('job-1', callOf())).toEqual(['job-0', 'job-2']);
    expect(await pace.passed('job-0', callOf())).toEqual(['job-3', 'job-4']);
    expect(await pace.passed('job-2', callOf())).toEqual([]);
  });

  it('is one for all workers, of each operation and region', async () => {
    const other = new Pace(new ScriptRunner(redis), keys);
    await pace.delayOf('job-0', callOf(), 5000);
    await measured(2000, 0, 0);
    // Nothing is told by who knows of no throttle.
    expect(await other.passed('job', callOf())).toEqual([]);
    for (const different of [callOf({ action: 'DescribeRegions' }), callOf({ options: { regionId: 'cn-beijing' } })])
      expect(await pace.passed('job', different)).toEqual([]);
    expect(await other.passed('job', callOf({ throttledFor: 5000 }))).toEqual(['job-0']);
  });

  it('is forgotten in time', async () => {
    await refuse(1);
    const left = await redis.pttl(state);
    expect(left).toBeGreaterThan(60_000);
    expect(left).toBeLessThanOrEqual(66_000);
  });
});

/** A worker's jobs while its process is busy: a clock that jumps stands for that. */
import type { Job } from 'bullmq';
import { Delivery } from '../../../lib/bullmq/worker/delivery.js';
import { Keeper } from '../../../lib/bullmq/worker/keeper.js';
import { keysOf } from '../../../lib/bullmq/job.js';
import { ScriptRunner } from '../../../lib/redis/scripts.js';

const lockDuration = 1000;

describe('a worker whose process was busy', () => {
  let now: number;
  let keeper: Keeper;
  /** Of the locks that it has asked Redis to renew. */
  let asked: number;
  let answers: boolean;
  let delivery: Delivery;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'performance'] });
    now = 5000;
    [asked, answers] = [0, true];
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const never = new Promise<never>(() => undefined);
    keeper = new Keeper({
      lockDuration,
      retryDelay: lockDuration,
      keys: keysOf({ prefix: 'bull', queueName: 'q' }),
      runner: new ScriptRunner({ call: () => (answers ? Promise.resolve(['1000']) : never) }),
      extendLocks: (jobIds) => {
        asked += jobIds.length;
        return answers ? Promise.resolve([]) : never;
      },
      tellOutcome: () => Promise.resolve(),
    });
    delivery = new Delivery({ id: 'j', processedOn: Date.now() } as Job, 'token', lockDuration);
    keeper.add(delivery);
  });

  afterEach(() => {
    keeper.close();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  /** So long it does nothing else, and then looks after its jobs once. */
  async function busyFor(ms: number): Promise<void> {
    now += ms;
    await jest.advanceTimersByTimeAsync(lockDuration / 20);
  }

  it('asks Redis whether a job is its own still, and goes on with it where it is', async () => {
    await busyFor(850);
    expect([asked, delivery.cutBy]).toEqual([1, undefined]);
    // The lock counts from when that was asked.
    await busyFor(850);
    expect([asked, delivery.cutBy]).toEqual([2, undefined]);
  });

  it('cuts a job off with its next look where Redis has not answered', async () => {
    answers = false;
    await busyFor(850);
    expect(delivery.cutBy).toBeUndefined();
    await busyFor(50);
    expect(delivery.cutBy).toBe('lost');
  });

  it.each([900, 1000, 5000])(
    'cuts a job off at once where there is no time left to ask, as after %i ms',
    async (ms) => {
      await busyFor(ms);
      expect(delivery.cutBy).toBe('lost');
    },
  );
});

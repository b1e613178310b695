/** Many calls through a fleet that is disturbed meanwhile, and what has come of them. */
import { Redis } from 'ioredis';
import type { Execution } from '../../lib/testing/executions.js';
import type { Program } from '../support/program.js';
import { startFleet, type Fleet, type RemoteWorker } from './fleet.js';
import type { Ends, Production } from './producer-main.js';

export interface SoakOptions {
  /** Of Redis. */
  readonly path: string;
  readonly calls: number;
  readonly seed: number;
  /** Of each producer. */
  readonly window: number;
  /** How long each answer takes, in ms. */
  readonly latency: number;
  /** What goes wrong meanwhile. When it has ended, all is well again. */
  readonly disturb: (run: Run) => Promise<void>;
}

/** A fleet at work. */
export interface Run {
  readonly fleet: Fleet;
  readonly calls: number;
  /** Those that are alive: whoever kills one takes it out, and puts another in. */
  readonly workers: RemoteWorker[];
  /** Resolves when so many calls have ended. */
  readonly reached: (ended: number) => Promise<void>;
}

export interface SoakResult {
  readonly calls: number;
  readonly seed: number;
  readonly seconds: number;
  readonly poolSize: number;
  /** Of a worker. */
  readonly concurrency: number;
  readonly ends: Ends;
  readonly executions: readonly Pick<Execution, 'action' | 'marker'>[];
  /** The most requests that the server had at a time. */
  readonly peak: number;
  /** What is in Redis at the end, as `type name (how much)`, and must not be. */
  readonly left: readonly string[];
  /** How processes ended that were told to close; null: by a signal. */
  readonly exits: readonly (number | null)[];
  readonly openConnections: number;
}

const producers = 2;

export async function soak({ path, calls, seed, window, latency, disturb }: SoakOptions): Promise<SoakResult> {
  const fleet = await startFleet({
    path,
    config: { appendonly: 'yes', appendfsync: 'always' },
    // Fewer places than the workers would fill.
    place: { poolSize: 10, concurrency: 6 },
    emulator: { latency },
  });
  try {
    const { redis, emulator, place } = fleet;
    const workers = await Promise.all(Array.from({ length: 3 }, () => fleet.startRemoteWorker()));
    const started = performance.now();
    const each = calls / producers;
    const producing = Array.from({ length: producers }, (_, index) =>
      fleet.start('producer-main', [{ from: index * each, calls: each, seed, window } satisfies Production]),
    );
    const reached = countEnds(producing);

    const disturbed = disturb({ fleet, calls, workers, reached });
    const [, ...told] = await Promise.all([disturbed, ...producing.map((each) => each.told<Ends>('ends'))]);
    const ends = Object.assign({}, ...told) as Ends;
    const seconds = (performance.now() - started) / 1000;
    const all = [...producing, ...workers.map(({ program }) => program)];
    for (const program of all) program.send('close');
    const exits = await Promise.all(all.map(({ ended }) => ended));
    return {
      calls,
      seed,
      seconds,
      poolSize: place.poolSize,
      concurrency: place.concurrency,
      ends,
      executions: emulator.executions.map(({ action, marker }) => ({ action, marker })),
      peak: emulator.peakActiveRequests,
      left: await leftIn(redis.socket, `${place.prefix}:${place.queueName}:`),
      exits,
      openConnections: emulator.openConnections,
    };
  } finally {
    await fleet.close();
  }
}

/** A worker is killed and replaced later; Redis is killed and started again, with all that it has confirmed. */
export async function killWorkerAndRedis({ fleet, calls, workers, reached }: Run): Promise<void> {
  await reached(calls * 0.25);
  await workers.shift()?.program.kill();
  await reached(calls * 0.4);
  workers.push(await fleet.startRemoteWorker());
  await reached(calls * 0.6);
  await fleet.redis.kill();
  await fleet.redis.start();
}

/** Tells when so many calls have ended. */
function countEnds(producing: readonly Program[]): (count: number) => Promise<void> {
  const done = producing.map(() => 0);
  const waiting = new Set<() => void>();
  producing.forEach(({ messages$ }, index) =>
    messages$.subscribe((message) => {
      const { done: ended } = message as { done?: number };
      if (ended === undefined) return;
      done[index] = ended;
      for (const look of waiting) look();
    }),
  );
  return (count) =>
    new Promise((resolve) => {
      const look = (): void => {
        if (done.reduce((sum, each) => sum + each, 0) < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
}

/** What is kept of a queue, beside jobs that have ended. */
const kept = /^(meta|id|events|completed|failed|stalled-check|marker|pc|rx:sizes)$/;

export async function leftIn(socket: string, prefix: string): Promise<string[]> {
  const redis = new Redis(socket);
  try {
    const ended = new Set(
      (await Promise.all(['completed', 'failed'].map((set) => redis.zrange(`${prefix}${set}`, 0, -1)))).flat(),
    );
    const left: string[] = [];
    for (const key of await redis.keys(`${prefix}*`)) {
      const name = key.slice(prefix.length);
      if (kept.test(name) || ended.has(name)) continue;
      // What expires, such as the claim of an unsafe call, is on its way out.
      if ((await redis.pttl(key)) === -1) left.push(`${await redis.type(key)} ${name}`);
    }
    return left.sort();
  } finally {
    redis.disconnect();
  }
}

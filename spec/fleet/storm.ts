/** Faults at random, all of which follow from a seed: processes, networks and Redis fail, and heal. */
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { randomOf, type Random } from '../conformance/random.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { Run } from './soak.js';

type Fault = (run: Run, random: Random) => Promise<void>;

export interface Storm {
  readonly seed: number;
  /** How many faults there are, one after the other, spread over the calls. */
  readonly count: number;
  /** Out of which they are picked. */
  readonly among: readonly FaultName[];
  /** Is told of each, when it is over. */
  readonly tell: (fault: FaultName, run: Run) => void;
}

export type FaultName = keyof typeof faults;

export function disturbAtRandom({ seed, count, among, tell }: Storm): (run: Run) => Promise<void> {
  return async (run) => {
    const random = randomOf(`storm ${seed}`);
    for (let index = 0; index < count; index++) {
      await run.reached((run.calls * (index + 0.5)) / (count + 1));
      const name = random.pick(among);
      await faults[name](run, random);
      tell(name, run);
    }
  };
}

/** Longer than a lock, or shorter. */
const awhile = (random: Random): Promise<void> => setTimeout(100 + random.below(2500));

const onNetwork =
  (disturb: (network: TcpProxy, random: Random) => void): Fault =>
  async ({ workers }, random) => {
    const { network } = random.pick(workers);
    disturb(network, random);
    await awhile(random);
    network.heal();
  };

const faults = {
  killWorker: async ({ fleet, workers }: Run) => {
    await workers.shift()?.program.kill();
    workers.push(await fleet.startRemoteWorker());
  },
  pauseWorker: async ({ workers }: Run, random: Random) => {
    const { program } = random.pick(workers);
    program.signal('SIGSTOP');
    await awhile(random);
    program.signal('SIGCONT');
  },
  cutWorkerOff: onNetwork((network) => network.cut()),
  partition: onNetwork((network) => network.hold()),
  loseWhatAWorkerSays: onNetwork((network) => network.hold('toServer')),
  loseWhatAWorkerIsTold: onNetwork((network) => network.hold('toClient')),
  slowNetwork: onNetwork((network, random) => network.delay(20 + random.below(100))),
  killRedis: async ({ fleet: { redis } }: Run, random: Random) => {
    await redis.kill();
    await setTimeout(random.below(500));
    await redis.start();
  },
  pauseRedis: async ({ fleet: { redis } }: Run, random: Random) => {
    redis.pause();
    await awhile(random);
    redis.resume();
  },
  fillRedis: async ({ fleet: { redis } }: Run, random: Random) => {
    const admin = new Redis(redis.socket);
    await admin.config('SET', 'maxmemory', '1');
    await awhile(random);
    await admin.config('SET', 'maxmemory', '0');
    admin.disconnect();
  },
} satisfies Record<string, Fault>;

export const faultNames = Object.keys(faults) as FaultName[];

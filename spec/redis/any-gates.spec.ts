/** Whatever calls several processes make: never do two probes go at once, no gate stays closed, and nobody waits for ever. */
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { Subject, type Subscription } from 'rxjs';
import { monotonicNow } from '../../lib/clock/monotonic.js';
import type { Scope } from '../../lib/throttling/gates.js';
import { seeded } from '../async/seeded.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { no, ok, openClient, Process, scope, until, type Library } from './support.js';

const waits = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));

const anyFate = fc.oneof(
  { weight: 2, arbitrary: fc.constant('let through' as const) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 15 }).map((wait) => ({ wait })) },
  { weight: 2, arbitrary: fc.constant('lost' as const) },
);

const anyCall = fc.record({
  process: fc.constantFrom(0 as const, 1 as const, 2 as const),
  at: fc.nat(20),
  takes: fc.nat(6),
  fate: anyFate,
  cancelledAfter: fc.option(fc.nat(25), { freq: 4, nil: undefined }),
});

/** What befalls Redis, and those who listen to it. */
const anyTrouble = fc.record({
  at: fc.nat(20),
  what: fc.constantFrom('messages are lost', 'scripts are lost', 'connections are lost', 'data is lost'),
});

describeWithRedis('gates in Redis, with any calls of three processes', (path) => {
  let server: RedisServer;
  let admin: Redis;
  let processes: readonly [Process, Process, Process];
  let made = 0;

  beforeAll(async () => {
    server = await startRedis({ path });
    admin = new Redis(server.socket);
    const open = (library: Library): Process =>
      new Process(openClient(library, { path: server.socket }), { leaseTime: 300 });
    processes = [open('ioredis'), open('node-redis'), open('ioredis')];
  });

  afterAll(async () => {
    for (const process of processes) process.close();
    admin.disconnect();
    await server.close();
  });

  /** Another one each time, so that no run has to do with the one before it. */
  const newScope = (): Scope => ({ ...scope, action: `Describe${made++}` });

  const isSettled = async ({ action }: Scope): Promise<boolean> => {
    const fields = await admin.hkeys('rx-alicloud:limits:gates');
    return !fields.some((field) => field.endsWith(`:${action}`));
  };

  /** Whatever is left of it is for the next calls to try. */
  async function recovers(of: Scope): Promise<void> {
    await until(async () => {
      for (const process of processes) process.gates.learn(of, ok, await process.admit(of));
      return (await isSettled(of)) && processes.every(({ gates }) => gates.isOpen(of));
    });
  }

  it('sends one at a time until one is let through, none too early, and then all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCall, { minLength: 1, maxLength: 15 }),
        fc.integer({ min: 1, max: 30 }),
        async (calls, wait) => {
          const of = newScope();
          const [closer] = processes;
          await Promise.all(processes.map(async (process) => (await process.admit(of)).done()));
          let closedUntil = monotonicNow() + wait;
          closer.gates.learn(of, no(wait));
          await until(() => processes.every(({ gates }) => !gates.isOpen(of)));

          let isOpen = false;
          let underWay = 0;
          const problems: string[] = [];
          const results = calls.map(async ({ process, at, takes, fate, cancelledAfter }) => {
            await waits(at);
            const { gates } = processes[process];
            const over = new Subject<void>();
            const ended = new Promise<void>((resolve) => over.subscribe({ complete: resolve }));
            const end = (learn: () => void): void => {
              underWay--;
              learn();
              over.complete();
            };
            let finish: (() => void) | undefined;
            const waiting: Subscription = gates.admit(of).subscribe((pass) => {
              if (!isOpen && underWay > 0) problems.push('two at once');
              // Both of Redis' times are in whole milliseconds.
              if (monotonicNow() < closedUntil - 1) problems.push('too early');
              underWay++;
              finish = () => end(() => pass.done());
              void waits(takes).then(() => {
                if (over.closed || over.isStopped) return;
                end(() => {
                  if (isOpen || fate === 'let through') {
                    isOpen = true;
                    gates.learn(of, ok, pass);
                  } else if (fate === 'lost') pass.done();
                  else {
                    closedUntil = monotonicNow() + fate.wait;
                    gates.learn(of, no(fate.wait), pass);
                  }
                });
              });
            });
            if (cancelledAfter !== undefined)
              void waits(cancelledAfter).then(() => {
                if (over.isStopped) return;
                waiting.unsubscribe();
                if (finish === undefined) over.complete();
                else finish();
              });
            return ended;
          });
          await Promise.all(results);
          expect(problems).toEqual([]);
          await recovers(of);
        },
      ),
      seeded(15),
    );
  });

  it('loses nobody, whatever befalls Redis meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCall, { minLength: 1, maxLength: 15 }),
        fc.array(anyTrouble, { maxLength: 3 }),
        async (calls, troubles) => {
          const of = newScope();
          processes[1].gates.learn(of, no(5));
          const befallen = troubles.map(async ({ at, what }) => {
            await waits(at);
            if (what === 'messages are lost') await admin.client('KILL', 'TYPE', 'pubsub');
            else if (what === 'scripts are lost') await admin.script('FLUSH');
            else if (what === 'connections are lost') await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
            else await admin.flushall();
          });
          const results = calls.map(async ({ process, at, takes, fate }) => {
            await waits(at);
            const its = processes[process];
            const pass = await its.admit(of);
            await waits(takes);
            if (fate !== 'lost') its.gates.learn(of, fate === 'let through' ? ok : no(fate.wait), pass);
            pass.done();
          });
          await Promise.all([...befallen, ...results]);
          await recovers(of);
        },
      ),
      seeded(15),
    );
  });
});

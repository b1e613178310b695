/** `rx-alicloud worker`: what it takes, what it says, how it ends. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import { createProgram, runProgram } from '../../../lib/command-line.js';
import { addWorker } from '../../../lib/bullmq/worker/command.js';
import { createEmulator } from '../../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../../lib/testing/credentials.js';
import { describeWithRedis } from '../../support/redis-server.js';
import { openQueue, until, type TestQueue } from './support.js';

interface Run {
  readonly code: Promise<number>;
  readonly printed: () => string;
  readonly errors: () => string;
  /** As Ctrl-C does. */
  readonly interrupt: () => void;
}

function execute(...args: string[]): Run {
  const [printed, errors]: string[][] = [[], []];
  const interruptions = new Subject<void>();
  const terminal = {
    print: (text: string) => void printed?.push(text),
    printError: (text: string) => void errors?.push(text),
    get interrupted() {
      return new Promise<void>((resolve) => {
        interruptions.subscribe(resolve);
      });
    },
  };
  const program = createProgram(terminal);
  addWorker(program, terminal);
  const join = (texts: string[] | undefined): string => (texts ?? []).join('');
  return {
    code: runProgram(program, args, terminal),
    printed: () => join(printed),
    errors: () => join(errors),
    interrupt: () => interruptions.next(),
  };
}

describe('the command `worker`', () => {
  const variables = ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'RX_ALICLOUD_WORKER_QUEUE'];
  afterEach(() => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
  });

  it('explains itself', async () => {
    const { code, printed } = execute('worker', '--help');
    expect(await code).toBe(0);
    expect(printed()).toMatch(/^Usage: rx-alicloud worker \[options\]\n/);
    expect(printed()).toMatch(/--redis <url> .*env:\s+RX_ALICLOUD_WORKER_REDIS\)/s);
  });

  it.each<[string[], string]>([
    [[], 'Expected --products, such as --products Ecs, or --config.'],
    [['--products', 'ecs'], 'There is no product ecs (did you mean `Ecs`?).'],
    [['--products', 'Ecs/2013-01-10'], 'There is no version 2013-01-10 of Ecs, but 2014-05-26.'],
    [['--products', 'Ecs:DescribeRegions'], 'Expected --products to have names such as Ecs'],
    [['--products', 'Ecs,Ecs'], 'to be the only client of Ecs 2014-05-26'],
    [
      ['--products', 'Ecs', '--redis', '127.0.0.1:6379'],
      'Expected --redis to be a URL such as redis://127.0.0.1:6379.',
    ],
    [['--products', 'Ecs', '--redis', 'redis://:secret@'], 'Expected --redis to be a URL'],
    [['--products', 'Ecs', '--concurrency', 'many'], 'Expected a whole number >= 0.'],
    [['--products', 'Ecs', '--concurrency', '0'], 'an integer >= 1, got 0'],
    [['--products', 'Ecs', '--queue', 'a:b'], 'without a colon'],
    [['--config', 'missing.mjs'], "The file missing.mjs can't be loaded"],
    [['--products', 'Ecs', 'more'], 'too many arguments'],
  ])('refuses %j', async (args, message) => {
    const { code, errors } = execute('worker', ...args);
    expect(await code).toBe(1);
    expect(errors()).toContain(message);
    expect(errors()).not.toContain('secret');
  });

  describeWithRedis('with a Redis', (path) => {
    const emulator = createEmulator();
    let at: TestQueue;
    let endpoint: string;
    let redis: string;
    beforeAll(async () => {
      at = await openQueue(path);
      redis = `redis://127.0.0.1:${at.server.port}`;
      endpoint = (await emulator.listen()).url;
    });
    beforeEach(() => {
      process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = emulatorCredentials.accessKeyId;
      process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = emulatorCredentials.accessKeySecret;
    });
    afterEach(() => at.clear());
    afterAll(async () => {
      await at.close();
      await emulator.close();
    });

    const ecs = (...more: string[]): Run =>
      execute(
        'worker',
        '--redis',
        redis,
        '--products',
        'Ecs',
        '--endpoint',
        endpoint,
        '--region',
        'cn-hangzhou',
        ...more,
      );

    it('says once that Redis is away, and ends nevertheless', async () => {
      const { code, errors, printed, interrupt } = execute(
        'worker',
        '--redis',
        'redis://:secret@127.0.0.1:1',
        '--products',
        'Ecs',
      );
      await until(() => errors().includes('ECONNREFUSED'));
      interrupt();
      await until(() => printed().includes('a second interruption cuts it off'));
      interrupt();
      expect(await code).toBe(0);
      expect(errors()).not.toContain('secret');
    });

    it('makes calls with the credentials of the machine, and ends when it is told to', async () => {
      const { code, printed, interrupt } = ecs();
      const { result } = await at.outcomeOf(await at.add({ action: 'DescribeRegions' }));
      expect(result).toMatchObject({ status: 200, body: { Regions: {} } });
      await until(() => printed().includes('makes the calls of the queue rx-alicloud: Ecs.'));
      interrupt();
      expect(await code).toBe(0);
      expect(printed()).toMatch(/The worker is closed\.\n$/);
    });

    it('finishes what runs, unless it is told again', async () => {
      const waiting = new Subject<void>();
      let asked = 0;
      emulator.handle('DescribeZones', () => {
        asked++;
        return new Promise((resolve) => {
          waiting.subscribe(() => resolve({ RequestId: 'R-1' }));
        });
      });
      const first = ecs();
      const job = await at.add({ action: 'DescribeZones' });
      await until(() => asked === 1);
      first.interrupt();
      await until(() => first.printed().includes('a second interruption cuts it off'));
      waiting.next();
      expect(await first.code).toBe(0);
      expect((await at.outcomeOf(job)).result?.status).toBe(200);

      const second = ecs();
      const cut = await at.add({ action: 'DescribeZones' });
      await until(() => asked === 2);
      second.interrupt();
      await until(() => second.printed().includes('a second interruption cuts it off'));
      second.interrupt();
      expect(await second.code).toBe(0);
      expect(await cut.getState()).not.toBe('failed');
    });

    it('takes options from the environment and from a file, flags first', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'worker-config-'));
      const file = join(folder, 'worker.mjs');
      await writeFile(file, 'export default { queueName: "theirs", concurrency: 0 };');
      process.env.RX_ALICLOUD_WORKER_QUEUE = 'ours';
      const { code, printed, interrupt } = ecs('--config', file, '--concurrency', '2');
      await until(() => printed().includes('of the queue ours: Ecs'));
      // One that is closed while it connects takes its time.
      await until(async () => (await at.connection.pubsub('NUMSUB', 'bull:ours:rx:cancel'))[1] === 1);
      interrupt();
      expect(await code).toBe(0);
      const other = join(folder, 'other.mjs');
      await writeFile(other, 'export default [];');
      const refused = ecs('--config', other);
      expect(await refused.code).toBe(1);
      expect(refused.errors()).toContain('to be an object, options of alicloudWorker');
      await rm(folder, { recursive: true });
    });
  });
});

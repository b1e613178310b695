/** `rx-alicloud gateway`: what it takes, what it says, how it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { createProgram, runProgram } from '../../lib/command-line.js';
import { readAllowList } from '../../lib/gateway/allow-list.js';
import { addGateway } from '../../lib/gateway/command.js';
import { describeInstances } from '../../lib/services/ecs.js';

/** A call as a page makes it. */
async function call(url: string, action = 'DescribeRegions', headers: object = {}): Promise<Response> {
  return fetch(`${url}/Ecs/2014-05-26/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-rx-alicloud-attempt': randomUUID(), ...headers },
    body: '{"request":{}}',
  });
}

const urlIn = (text: string): string => /http:\S+\/api\/\S+/.exec(text)?.[0] ?? '';

describe('the command `gateway`', () => {
  let printed: string[];
  let errors: string[];
  /** What is asked of the gateway before it ends. */
  let whileListening: (url: string) => Promise<unknown>;

  beforeEach(() => {
    printed = [];
    errors = [];
    whileListening = () => Promise.resolve();
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('RX_ALICLOUD_GATEWAY_')) Reflect.deleteProperty(process.env, name);
    }
  });

  /** Runs a command that ends as soon as it has started. */
  function execute(...args: string[]): Promise<number> {
    const terminal = {
      print: (text: string) => void printed.push(text),
      printError: (text: string) => void errors.push(text),
      get interrupted() {
        return whileListening(urlIn(printed.join('')));
      },
    };
    const program = createProgram(terminal);
    addGateway(program, terminal);
    return runProgram(program, args, terminal);
  }

  it('explains itself', async () => {
    expect(await execute('gateway', '--help')).toBe(0);
    expect(printed.join('')).toMatch(/^Usage: rx-alicloud gateway \[options\] \[command\]\n/);
    expect(printed.join('')).toMatch(/--port <number> .*\(default:\s+8081, env:\s+RX_ALICLOUD_GATEWAY_PORT\)/s);
  });

  it('answers pages from an emulator, without an account, and says that all of this machine may call', async () => {
    let answers: Response[] = [];
    whileListening = async (url) => {
      answers = [
        await call(url),
        await call(url, 'DescribeRegions', { origin: 'http://localhost:4200' }),
        await call(url, 'DescribeRegions', { origin: 'http://localhost:4201' }),
        await call(url, 'DescribeNothing'),
      ];
    };
    expect(await execute('gateway', '--emulator', '--port', '0')).toBe(0);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403]);
    expect(await answers[0]?.json()).toMatchObject({ Regions: { Region: expect.any(Array) as unknown[] } });
    expect(errors).toEqual([expect.stringMatching(/^CAUTION: there is no `authorize`/)]);
    const text = printed.join('');
    expect(text).toContain("new EcsClient({ gateway: '/api/alicloud', regionId: 'cn-hangzhou' })");
    expect(text).toContain('for pages of http://localhost:4200;');
    expect(text).toMatch(/The gateway is closed\.\n$/);
    await expect(call(urlIn(text))).rejects.toThrow();
  });

  it('takes what may be called, where to and from where', async () => {
    let statuses: number[] = [];
    whileListening = async (url) => {
      const origin = 'https://app.example.com';
      const answers = [
        await call(url, 'DescribeRegions', { origin }),
        await call(url, 'DescribeInstances', { origin }),
        await call(url, 'DescribeRegions', { origin: 'http://localhost:4200' }),
      ];
      statuses = answers.map(({ status }) => status);
      expect(url).toMatch(/\/api\/cloud$/);
    };
    const flags = ['--allow', 'Ecs:DescribeRegions', '--origin', 'https://app.example.com', '--regions', 'cn-beijing'];
    expect(await execute('gateway', '--emulator', '--port', '0', '--path', '/api/cloud', ...flags)).toBe(0);
    expect(statuses).toEqual([200, 403, 403]);
    expect(printed.join('')).toContain("regionId: 'cn-beijing'");
  });

  it.each<[string[], string]>([
    [['--port', '65536', '--emulator'], 'Expected `port` to be an integer from 0 to 65535, got 65536'],
    [['--port', 'web'], "argument 'web' is invalid. Expected a whole number >= 0."],
    [['--host', '0.0.0.0', '--emulator'], 'Without `authorize` in a --config file, whoever reaches 0.0.0.0 could call'],
    [['--host', 'localhost.attacker.example', '--emulator'], 'Without `authorize`'],
    [
      ['--port', '0', '--allow', 'Ecs:DescribeRegions'],
      'Expected --regions, such as --regions cn-hangzhou, or --emulator.',
    ],
    [['--port', '0', '--regions', 'cn-hangzhou'], 'Expected --allow, such as'],
    [['--port', '0', '--emulator', '--allow', 'ecs:DescribeRegions'], 'There is no product ecs (did you mean `Ecs`?).'],
    [
      ['--emulator', '--allow', 'Ecs:describeRegions'],
      'There is no operation describeRegions of Ecs (did you mean `DescribeRegions`?).',
    ],
    [['--port', '0', '--emulator', '--allow', 'Ecs:Nothing*'], 'There is no operation Nothing* of Ecs.'],
    [
      ['--emulator', '--allow', 'Ecs/2013-01-10:DescribeRegions'],
      'There is no version 2013-01-10 of Ecs, but 2014-05-26.',
    ],
    [
      ['--emulator', '--allow', 'DescribeRegions'],
      'Expected --allow to have Product:Action, such as Ecs:DescribeInstances, got DescribeRegions.',
    ],
    [['--port', '0', '--emulator', '--allow', 'Ecs:DescribeRegions,'], 'Expected texts with commas between.'],
    [['--port', '0', '--emulator', '--origin', 'localhost:4200'], 'Expected `origins[0]`'],
    [['--port', '0', '--emulator', '--origin', 'nowhere'], 'Expected `origins[0]`'],
    [['--port', '0', '--emulator', '--path', 'api'], 'Expected `path`'],
    [['--config', 'no-such-file.mjs'], "The file no-such-file.mjs can't be loaded:"],
    [['--emulater'], "unknown option '--emulater'"],
    [['exec'], "missing required argument 'command'"],
  ])('ends with 1 and says why for %j', async (args, message) => {
    expect(await execute('gateway', ...args)).toBe(1);
    expect(errors.join('\n')).toContain(message);
    expect(printed).toEqual([]);
  });

  it('knows every option as an environment variable, which a flag goes before', async () => {
    Object.assign(process.env, {
      RX_ALICLOUD_GATEWAY_PORT: 'web',
      RX_ALICLOUD_GATEWAY_EMULATOR: 'true',
      RX_ALICLOUD_GATEWAY_ORIGIN: '',
      RX_ALICLOUD_GATEWAY_REGIONS: 'cn-beijing',
    });
    expect(await execute('gateway')).toBe(1);
    expect(errors.join('')).toContain("value 'web' from env 'RX_ALICLOUD_GATEWAY_PORT' is invalid");
    expect(await execute('gateway', '--port', '0')).toBe(0);
    expect(printed.join('')).toContain("regionId: 'cn-beijing'");
  });
});

describe('--allow', () => {
  it('finds descriptors: one, those that begin so, and each once', async () => {
    expect(await readAllowList(['Ecs:DescribeInstances'])).toEqual([describeInstances]);
    const several = await readAllowList(['Ecs:DescribeInstance*', 'Ecs/2014-05-26:DescribeInstances', 'Sts:*']);
    expect(new Set(several).size).toBe(several.length);
    const actions = several.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['DescribeInstances', 'DescribeInstanceStatus', 'AssumeRole']));
    expect(actions).not.toContain('DescribeRegions');
  });
});

describe('the program', () => {
  const root = resolve(__dirname, '../..');
  let folder: string;

  beforeAll(async () => {
    // Inside the project, so that its packages are found.
    await mkdir(join(root, '.cache'), { recursive: true });
    folder = await mkdtemp(join(root, '.cache/spec-gateway-'));
    await build({
      entryPoints: [join(root, 'lib/cli.ts')],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      alias: { '#platform': join(root, 'lib/platform/node.ts') },
      splitting: true,
      outdir: folder,
    });
    await writeFile(
      join(folder, 'gateway.config.mjs'),
      `export default {
        authorize: ({ headers }) => (headers.get('cookie') === 'session=alice' ? { id: 'alice' } : undefined),
        origins: ['https://app.example.com'],
      };`,
    );
    await writeFile(join(folder, 'text.mjs'), `export default { origins: 'https://app.example.com' };`);
    await writeFile(join(folder, 'none.mjs'), 'export const authorize = () => true;');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [join(folder, 'cli.js'), 'gateway', ...args]);

  async function end(child: ChildProcess): Promise<{ code: number | null; output: string; errors: string }> {
    const texts = ['', ''];
    child.stdout?.on('data', (text: Buffer) => (texts[0] += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (texts[1] += text.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output: texts[0] ?? '', errors: texts[1] ?? '' };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'asks the `authorize` of its config file, until %s, and leaves cleanly',
    async (signal) => {
      const child = start('--emulator', '--port', '0', '--config', join(folder, 'gateway.config.mjs'));
      const ended = end(child);
      const [text] = (await once(child.stdout ?? process.stdin, 'data')) as [Buffer];
      const url = urlIn(text.toString());
      expect((await call(url)).status).toBe(401);
      expect((await call(url, 'DescribeRegions', { cookie: 'session=alice' })).status).toBe(200);
      child.kill(signal);
      expect(await ended).toMatchObject({ code: 0, errors: '' });
    },
  );

  it('runs a command that finds the gateway, and ends with its code', async () => {
    const script = `
      const { RX_ALICLOUD_GATEWAY_URL: url } = process.env;
      const response = await fetch(url + '/Ecs/2014-05-26/DescribeRegions', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-rx-alicloud-attempt': crypto.randomUUID() },
        body: '{"request":{}}',
      });
      console.log(response.status);
      process.exit(7);
    `;
    const child = start('exec', '--emulator', '--', process.execPath, '--input-type=module', '-e', script);
    expect(await end(child)).toMatchObject({ code: 7, output: '200\n' });
  });

  it.each([
    ['none.mjs', /^Expected the default export of .*none\.mjs to be an object, options of createGateway\.$/],
    ['text.mjs', /^Expected `origins` of .*text\.mjs to be an array\.$/],
  ])('ends with 1 for the config file %s', async (file, message) => {
    const { code, errors } = await end(start('--emulator', '--config', join(folder, file)));
    expect(code).toBe(1);
    expect(errors.trim()).toMatch(message);
  });
});

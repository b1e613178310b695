import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import { createProgram, runProgram } from '../../lib/command-line.js';
import { addEmulator } from '../../lib/testing/command.js';
import { version } from '../../lib/version.js';
import { sign } from './support/signer.js';

const regions = { action: 'DescribeRegions', version: '2014-05-26', ...emulatorCredentials };

describe('the command `emulator`', () => {
  let printed: string[];
  let errors: string[];

  beforeEach(() => {
    printed = [];
    errors = [];
  });

  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('RX_ALICLOUD_EMULATOR_')) Reflect.deleteProperty(process.env, name);
    }
  });

  /** What is asked of the emulator before it ends. */
  let whileListening: (url: string) => Promise<unknown>;
  beforeEach(() => (whileListening = () => Promise.resolve()));

  /** Runs a command that ends as soon as it has started. */
  function execute(...args: string[]): Promise<number> {
    const terminal = {
      print: (text: string) => void printed.push(text),
      printError: (text: string) => void errors.push(text),
      get interrupted() {
        return whileListening(/http:\S+/.exec(printed.join(''))?.[0] ?? '');
      },
    };
    const program = createProgram(terminal);
    addEmulator(program, terminal);
    return runProgram(program, args, terminal);
  }

  const call = async (signed: object): Promise<{ status: number; headers: Headers; body: unknown }> => {
    const { url, method, headers } = sign({ ...regions, ...signed });
    const response = await fetch(url, { method, headers });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  it.each([[['--help']], [['-h']], [[]]])('explains the program for %j', async (args) => {
    expect(await execute(...args)).toBe(0);
    expect(printed.join('')).toMatch(/^Usage: rx-alicloud \[options\] \[command\]\n[^]*emulator \[options\]/);
    expect(errors).toEqual([]);
  });

  it.each([[['emulator', '--help']], [['emulator', '-h']], [['help', 'emulator']]])(
    'explains itself for %j',
    async (args) => {
      expect(await execute(...args)).toBe(0);
      expect(printed.join('')).toMatch(/^Usage: rx-alicloud emulator \[options\] \[command\]\n/);
      expect(printed.join('')).toMatch(/--port <number> .*\(default:\s+8080, env:\s+RX_ALICLOUD_EMULATOR_PORT\)/s);
      expect(printed.join('')).toContain('exec [options] <command...>');
    },
  );

  it.each([['--version'], ['-V']])('says its version for %s', async (flag) => {
    expect(await execute(flag)).toBe(0);
    expect(printed).toEqual([`${version}\n`]);
  });

  it('says where it listens and how to call it', async () => {
    expect(await execute('emulator', '--port', '0')).toBe(0);
    const text = printed.join('');
    expect(text).toMatch(/listens on http:\/\/127\.0\.0\.1:\d+\n/);
    expect(text).toContain(emulatorCredentials.accessKeySecret);
    expect(text).toMatch(/endpoint: 'http:/);
    expect(text).toMatch(/The emulator is closed\.\n$/);
    expect(errors).toEqual([]);
  });

  it('ends with 1 and says why where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await execute('emulator', '--port', String(port))).toBe(1);
    expect(errors).toEqual([`Port ${port} of 127.0.0.1 is in use already`]);
    other.close();
  });

  it.each<[string[], string]>([
    [['emulator', '--port', '65536'], 'Expected `port` to be an integer from 0 to 65535, got 65536'],
    [['emulator', '--port', 'web'], "'--port <number>' argument 'web' is invalid. Expected a whole number >= 0."],
    [['emulator', '--port='], "'--port <number>' argument '' is invalid. Expected a whole number >= 0."],
    [['emulator', '--latency', '1s'], "argument '1s' is invalid. Expected a whole number >= 0."],
    [['emulator', '--rate-limit', '5'], 'Expected calls/ms, calls/ms/operation or calls/ms/account.'],
    [['emulator', '--rate-limit', '0/1000'], 'Expected `rateLimit.calls` to be an integer >= 1, got 0'],
    [['emulator', '--faults', '{"kind":"cut"}'], 'Expected a JSON list of faults.'],
    [['emulator', '--faults', '[{'], 'Expected a JSON list of faults.'],
    [['emulator', '--regions', 'cn-hangzhou,'], 'Expected texts with commas between.'],
    [
      ['emulator', '--access-key-id', 'a'],
      'Expected --access-key-id and --access-key-secret together, got one of them.',
    ],
    [['emulator', '--prot', '1'], "unknown option '--prot'"],
    [['emulator', 'more'], 'too many arguments'],
    [['emulate'], "unknown command 'emulate'"],
    [['--port', '1'], "unknown option '--port'"],
    [['emulator', 'exec'], "missing required argument 'command'"],
  ])('ends with 1 and says why for %j', async (args, message) => {
    expect(await execute(...args)).toBe(1);
    expect(errors.join('\n')).toContain(message);
    expect(printed).toEqual([]);
  });

  it('knows every option as an environment variable, which a flag goes before', async () => {
    Object.assign(process.env, {
      RX_ALICLOUD_EMULATOR_PORT: 'web',
      RX_ALICLOUD_EMULATOR_ACCESS_KEY_ID: 'id',
      RX_ALICLOUD_EMULATOR_ACCESS_KEY_SECRET: 'secret',
      RX_ALICLOUD_EMULATOR_SECURITY_TOKEN: '',
      RX_ALICLOUD_EMULATOR_REGIONS: 'one, two',
      RX_ALICLOUD_EMULATOR_RATE_LIMIT: '2/60000/account',
    });
    expect(await execute('emulator')).toBe(1);
    expect(errors.join('')).toContain("value 'web' from env 'RX_ALICLOUD_EMULATOR_PORT' is invalid");
    let answers: Awaited<ReturnType<typeof call>>[] = [];
    whileListening = async (origin) => {
      const mine = { origin, accessKeyId: 'id', accessKeySecret: 'secret' };
      answers = [await call({ origin }), await call(mine), await call(mine), await call(mine)];
    };
    expect(await execute('emulator', '--port', '0', '--regions', 'three')).toBe(0);
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 200, 400]);
    expect(answers[1]?.body).toMatchObject({ Regions: { Region: [{ RegionId: 'three' }] } });
    expect(answers[2]?.headers.get('x-ratelimit-user')).toContain('Limit:2,Remain:0');
    expect(answers[3]?.body).toMatchObject({ Code: 'Throttling.User' });
  });

  it('lets go wrong what it is told, from the start', async () => {
    const faults = JSON.stringify([
      { kind: 'throttle', times: 1, code: 'Throttling.Api' },
      { kind: 'error', times: 1, status: 503, code: 'ServiceUnavailable' },
    ]);
    let answers: Awaited<ReturnType<typeof call>>[] = [];
    whileListening = async (origin) => {
      answers = [await call({ origin }), await call({ origin }), await call({ origin })];
    };
    expect(await execute('emulator', '--port', '0', '--faults', faults)).toBe(0);
    expect(answers.map(({ status, body }) => [status, (body as { Code?: string }).Code])).toEqual([
      [400, 'Throttling.Api'],
      [503, 'ServiceUnavailable'],
      [200, undefined],
    ]);
  });
});

describe('the program', () => {
  const root = resolve(__dirname, '../..');
  let folder: string;
  let program: string;

  beforeAll(async () => {
    // Inside the project, so that its packages are found.
    await mkdir(join(root, '.cache'), { recursive: true });
    folder = await mkdtemp(join(root, '.cache/spec-cli-'));
    program = join(folder, 'cli.js');
    await build({
      entryPoints: [join(root, 'lib/cli.ts')],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      alias: { '#platform': join(root, 'lib/platform/node.ts') },
      // So that no command loads what only another one needs.
      splitting: true,
      outdir: folder,
    });
  });

  afterAll(() => rm(folder, { recursive: true }));

  const start = (...args: string[]): ChildProcess => spawn(process.execPath, [program, ...args]);

  async function firstOutput({ stdout }: ChildProcess): Promise<string> {
    const [text] = (await once(stdout ?? process.stdin, 'data')) as [Buffer];
    return text.toString();
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('answers until %s, and leaves cleanly', async (signal) => {
    const child = start('emulator', '--port', '0');
    const exit = once(child, 'exit');
    const origin = /http:\S+/.exec(await firstOutput(child))?.[0] ?? '';
    const { url, method, headers } = sign({ origin, ...regions });
    const response = await fetch(url, { method, headers });
    expect(await response.json()).toMatchObject({ Regions: { Region: expect.any(Array) as unknown[] } });
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
  });

  it('ends with 1 for a port that can’t be', async () => {
    expect(await once(start('emulator', '--port', '70000'), 'exit')).toEqual([1, null]);
  });

  describe('`emulator exec`', () => {
    async function exec(...args: string[]): Promise<{ code: number | null; output: string; errors: string }> {
      const child = start('emulator', 'exec', ...args);
      const texts = ['', ''];
      child.stdout?.on('data', (text: Buffer) => (texts[0] += text.toString()));
      child.stderr?.on('data', (text: Buffer) => (texts[1] += text.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, output: texts[0] ?? '', errors: texts[1] ?? '' };
    }
    const script = (text: string): string[] => [process.execPath, '--input-type=module', '-e', text];

    it('runs a command that finds the emulator, and ends with its code', async () => {
      const { code, output, errors } = await exec(
        '--access-key-id',
        'id',
        '--access-key-secret',
        'secret',
        '--',
        ...script(`
          const { RX_ALICLOUD_EMULATOR_URL: url, RX_ALICLOUD_EMULATOR_ENDPOINT: endpoint, ...env } = process.env;
          const { status } = await fetch(url);
          const { ALIBABA_CLOUD_ACCESS_KEY_ID: id, ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret } = env;
          console.log(JSON.stringify([status, url === 'http://' + endpoint, id, secret, 'ALIBABA_CLOUD_SECURITY_TOKEN' in env]));
          process.exit(7);
        `),
      );
      expect({ code, errors }).toEqual({ code: 7, errors: '' });
      expect(JSON.parse(output)).toEqual([400, true, 'id', 'secret', false]);
    });

    it.each<[string, string[], number, string]>([
      ['succeeds', script(''), 0, ''],
      ['is killed', script(`process.kill(process.pid, 'SIGKILL')`), 137, ''],
      ['is not there', ['no-such-program'], 127, 'There is no program no-such-program.\n'],
      ['may not be executed', [root], 126, `The program ${root} can't be started (EACCES).\n`],
    ])('ends as a shell does where the command %s', async (_how, command, code, errors) => {
      expect(await exec('--', ...command)).toEqual({ code, output: '', errors });
    });

    it('takes no option of the command for its own', async () => {
      const { output } = await exec(
        ...script('console.log(process.argv.slice(1).join())'),
        '--',
        '--port',
        'web',
        '--help',
      );
      expect(output).toBe('--port,web,--help\n');
    });

    it('passes a signal on, and closes', async () => {
      const child = start(
        'emulator',
        'exec',
        '--',
        ...script(`process.on('SIGTERM', () => process.exit(3)); console.log('ready'); setInterval(() => {}, 1000);`),
      );
      const exit = once(child, 'exit');
      await firstOutput(child);
      child.kill('SIGTERM');
      expect(await exit).toEqual([3, null]);
    });
  });
});

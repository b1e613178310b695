import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import { run, usage } from '../../lib/testing/command.js';
import { sign } from './support/signer.js';

const regions = { action: 'DescribeRegions', version: '2014-05-26', ...emulatorCredentials };

describe('the command `emulator`', () => {
  let printed: string[];
  let errors: string[];

  beforeEach(() => {
    printed = [];
    errors = [];
  });

  /** Runs a command that ends as soon as it has started. */
  function execute(...args: string[]): Promise<number> {
    return run(args, {
      print: (text) => void printed.push(text),
      printError: (text) => void errors.push(text),
      interrupted: Promise.resolve(),
    });
  }

  it.each([[['--help']], [['emulator', '-h']], [[]]])('explains itself for %j', async (args) => {
    expect(await execute(...args)).toBe(0);
    expect(printed).toEqual([usage]);
  });

  it('says where it listens and how to call it', async () => {
    expect(await execute('emulator', '--port', '0')).toBe(0);
    const text = printed.join('');
    expect(text).toMatch(/listens on http:\/\/127\.0\.0\.1:\d+\n/);
    expect(text).toContain(emulatorCredentials.accessKeySecret);
    expect(text).toMatch(/endpoint: 'http:/);
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

  it.each([
    [['emulator', '--port', '65536'], 'Expected `port` to be an integer from 0 to 65535, got 65536'],
    [['emulator', '--port', 'web'], 'Expected --port to be a whole number >= 0, got web. See rx-alicloud --help.'],
    [['emulator', '--port='], 'Expected --port to be a whole number >= 0, got nothing. See rx-alicloud --help.'],
    [['emulator', '--latency', '1s'], 'Expected --latency to be a whole number >= 0, got 1s. See rx-alicloud --help.'],
    [['emulate'], 'Expected the command emulator, got emulate. See rx-alicloud --help.'],
    [['--port', '1'], 'Expected the command emulator, got none. See rx-alicloud --help.'],
  ])('ends with 1 and says why for %j', async (args, message) => {
    expect(await execute(...args)).toBe(1);
    expect(errors).toEqual([message]);
    expect(printed).toEqual([]);
  });

  it('ends with 1 for an option that it does not know', async () => {
    expect(await execute('emulator', '--prot', '1')).toBe(1);
    expect(errors.join('')).toContain('--prot');
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
    program = join(folder, 'cli.mjs');
    await build({
      entryPoints: [join(root, 'lib/cli.ts')],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      alias: { '#platform': join(root, 'lib/platform/node.ts') },
      outfile: program,
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
});

/** docs/distributed.md: its programs do what it says, on a real Redis; its pictures and numbers are those that their programs make. */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { buildSync } from 'esbuild';
import ts from 'typescript';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { published, snippetsOf } from './snippets.js';

/** Of the sources themselves, such as `#platform`. */
const { config } = ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)) as {
  config: { compilerOptions: { paths: Record<string, string[]> } };
};
const own = config.compilerOptions.paths;

const page = snippetsOf('docs/distributed.md');

it.each(['pictures', 'fleet-numbers'])('has what scripts/%s.mjs makes for it', (name) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${name}.mjs`, '--check'], {
    encoding: 'utf8',
  });
  expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' });
});

describeWithRedis('the five minutes of the page', (path) => {
  const running: ChildProcessByStdio<null, Readable, null>[] = [];
  let folder: string;
  let server: RedisServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'distributed-'));
    server = await startRedis({ path, onPort: true });
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** As it stands on the page, but for the port, and of the sources of this package. */
  function start(name: string, code: string): (typeof running)[number] {
    const outfile = join(folder, `${name}.cjs`);
    buildSync({
      stdin: { contents: code.replaceAll('6379', String(server.port)), resolveDir: process.cwd() },
      tsconfigRaw: { compilerOptions: { baseUrl: '.', paths: { ...own, ...published } } },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
    });
    const child = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] });
    running.push(child);
    return child;
  }

  it('print what stands below them, and end', async () => {
    const [worker, producer] = page.filter(({ language }) => language === 'js run');
    const printed = page.find(({ language, code }) => language === '' && code.includes('launched'));
    const working = start('worker', worker?.code ?? '');
    const [said] = (await once(working.stdout, 'data')) as [Buffer];
    expect(String(said)).toBe('ready\n');

    const producing = start('producer', producer?.code ?? '');
    const ended = once(producing, 'exit');
    expect(await text(producing.stdout)).toBe(printed?.code);
    expect(await ended).toEqual([0, null]);

    const over = once(working, 'exit');
    working.kill('SIGTERM');
    expect(await over).toEqual([0, null]);
  }, 60_000);
});

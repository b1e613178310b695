// The same session in Deno, Bun and workerd, with the packed SDK, against the emulator over HTTP. The programs come from npm; where
// there is none for this platform, that is said, and under CI it is a failure. `--only deno` takes some of them.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs, promisify } from 'node:util';
import Table from 'cli-table3';
import { cachedInstall } from './cached-install.mjs';
import { installPacked } from './install-packed.mjs';
import { packed } from './packed.mjs';
import { freePort, start } from './processes.mjs';
import { openCloud } from './runtimes/cloud.mjs';
import { expected, expectedOfGateway } from './runtimes/expected.mjs';
import { gatewaySession } from './runtimes/gateway-session.mjs';
import { startWorker } from './runtimes/workerd.mjs';

const run = promisify(execFile);
const folder = resolve('.cache/runtimes');

const deno = { program: () => join(cachedInstall('@deno/linux-x64-glibc', '2.9.6'), 'deno') };
const denoRun = ['run', '--no-remote', '--allow-net=127.0.0.1', '--allow-env', '--allow-read'];
const bun = { program: () => join(cachedInstall('@oven/bun-linux-x64', '1.4.5'), 'bin/bun') };
const workerd = {
  program: () => join(cachedInstall('@cloudflare/workerd-linux-64', '1.20261117.1'), 'bin/workerd'),
};

const runtimes = {
  node: { name: `Node ${process.versions.node}`, program: () => process.execPath, session: inProcess([]) },
  deno: { ...deno, name: 'Deno 2.9.6', session: inProcess(denoRun) },
  'deno-gateway': { ...deno, name: 'Deno 2.9.6, as gateway', session: gatewayInProcess(denoRun) },
  bun: { ...bun, name: 'Bun 1.4.5', session: inProcess(['run']) },
  'bun-gateway': { ...bun, name: 'Bun 1.4.5, as gateway', session: gatewayInProcess(['run']) },
  workerd: { ...workerd, name: 'workerd 1.20261117.1', session: inWorker },
  'workerd-gateway': { ...workerd, name: 'workerd 1.20261117.1, as gateway', session: gatewayInWorker },
};

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = values.only?.split(',') ?? Object.keys(runtimes);
const unknown = chosen.filter((name) => !(name in runtimes));
if (unknown.length > 0) throw new Error(`Expected --only to be of ${Object.keys(runtimes).join(', ')}, got ${unknown}`);

mkdirSync(folder, { recursive: true });
for (const file of ['session.mjs', 'main.mjs', 'worker.mjs', 'gateway-server.mjs', 'gateway-worker.mjs']) {
  copyFileSync(join('scripts/runtimes', file), join(folder, file));
}
// Bun would take the repository's for its own otherwise, and with its `paths` files of `lib` beside those of the package.
writeFileSync(join(folder, 'tsconfig.json'), '{}\n');
await installPacked(folder, { private: true, type: 'module', dependencies: { rxjs: '7.8.2' } }, packed());
const cloud = await openCloud();
const table = new Table({ head: ['runtime', 'result'], style: { head: [], border: [], compact: true } });
const faultsOf = {};

for (const chosenName of chosen) {
  const { name, program: find, session } = runtimes[chosenName];
  const program = programOf(find);
  if (program === undefined) {
    table.push([name, 'SKIPPED: npm has no program for it here']);
    if (process.env.CI === 'true') faultsOf[name] = ['no program'];
    continue;
  }
  const begun = performance.now();
  cloud.reset();
  const faults = await session(program).catch((error) =>
    [error.stack, error.stdout, error.stderr].filter((text) => text),
  );
  if (faults.length > 0) faultsOf[name] = faults;
  table.push([name, faults.length > 0 ? '✗' : `✓ ${((performance.now() - begun) / 1000).toFixed(1)} s`]);
}

await cloud.emulator.close();
console.log(table.toString());
for (const [name, faults] of Object.entries(faultsOf)) console.log(`\n${name}:\n${faults.join('\n')}`);
process.exitCode = Object.keys(faultsOf).length === 0 ? 0 : 1;

function programOf(find) {
  if (find !== runtimes.node.program && (process.platform !== 'linux' || process.arch !== 'x64')) return undefined;
  try {
    return resolve(find());
  } catch {
    return undefined;
  }
}

function inProcess(args) {
  return async (program) => {
    const { stdout, stderr } = await run(program, [...args, 'main.mjs', JSON.stringify(cloud.access)], {
      cwd: folder,
      env: environment(),
      timeout: 60_000,
    });
    return [...differences(JSON.parse(stdout)), ...(stderr === '' ? [] : [stderr])];
  };
}

function gatewayInProcess(args) {
  return async (program) => {
    const port = await freePort();
    const command = [...args, 'gateway-server.mjs', `${port}`, JSON.stringify(cloud.access)];
    const server = await start(program, command, { cwd: folder, port, env: environment() });
    try {
      const seen = await gatewaySession(`${server.origin}/api/alicloud`, cloud);
      return [...differences(seen, expectedOfGateway), ...server.complaints()];
    } finally {
      await server.stop();
    }
  };
}

function environment() {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' };
}

async function inWorker(program) {
  return withWorker(program, 'worker.mjs', async ({ origin }) => {
    const response = await fetch(`${origin}/session`, { signal: AbortSignal.timeout(60_000) });
    const text = await response.text();
    return response.ok ? differences(JSON.parse(text)) : [text];
  });
}

async function gatewayInWorker(program) {
  return withWorker(program, 'gateway-worker.mjs', async ({ origin }) =>
    differences(
      {
        ...(await gatewaySession(`${origin}/api/alicloud`, cloud, { noticesCancels: false })),
        shared: await (await fetch(`${origin}/shared`)).json(),
      },
      {
        ...expectedOfGateway,
        shared: ['SDK.InvalidConfiguration client.enableAsync', 'SDK.InvalidConfiguration client.rateLimiter'],
      },
    ),
  );
}

async function withWorker(program, file, use) {
  const access = JSON.stringify(cloud.access);
  const worker = await startWorker(program, join(folder, file), (origin) => ({ access, origin }));
  try {
    const faults = await use(worker);
    return [...worker.warnings, ...faults, ...worker.complaints()];
  } finally {
    await worker.stop();
  }
}

function differences(seen, wanted = expected) {
  const names = new Set([...Object.keys(seen), ...Object.keys(wanted)]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(seen[name], wanted[name]))
    .map((name) => `${name}: expected ${JSON.stringify(wanted[name])}, got ${JSON.stringify(seen[name])}`);
}

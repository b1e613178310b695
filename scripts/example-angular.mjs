// The Angular app of `examples/angular`, with the gateway and the emulator behind it: installs and builds what is missing or
// older than its sources, and starts it. `--build` stops before that; `--check` ends after a self-test; `--port` is passed on.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const example = 'examples/angular';
const installed = join(example, 'node_modules');
const packed = join(installed, 'rx-alicloud');
const args = process.argv.slice(2);

step('The package', 'dist/index.d.ts', ['lib', 'package.json', 'tsdown.config.ts'], () =>
  run('npm', ['run', '--silent', 'build']),
);
step('What the example needs', stampOf('installed'), [`${example}/package-lock.json`], () =>
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'], example),
);
// As it would come from a registry, and not as a link: there must be one RxJS.
step('The package in the example', stampOf('copied'), ['dist', 'package.json', stampOf('installed')], () => {
  rmSync(join(packed, 'dist'), { recursive: true, force: true });
  cpSync('dist', join(packed, 'dist'), { recursive: true });
  cpSync('package.json', join(packed, 'package.json'));
});
const sources = [`${example}/src`, `${example}/public`, `${example}/angular.json`, stampOf('copied')];
step('The example', stampOf('built'), sources, () => run('npm', ['run', '--silent', 'build'], example));

if (!args.includes('--build')) {
  const server = spawn(process.execPath, [`${example}/server/main.mjs`, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
  server.once('close', (code) => (process.exitCode = code ?? 1));
}

/** Makes what is missing, or older than one of its sources. */
function step(name, target, sources, make) {
  const made = existsSync(target) ? statSync(target).mtimeMs : 0;
  if (made > 0 && sources.every((source) => newest(source) <= made)) return;
  console.log(`${name} …`);
  make();
  mkdirSync(dirname(target), { recursive: true });
  if (!existsSync(target)) writeFileSync(target, '');
  const now = new Date();
  utimesSync(target, now, now);
}

function stampOf(name) {
  return join(installed, `.${name}`);
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(command, args, cwd = '.') {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

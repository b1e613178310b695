/**
 * Builds the package and the benchmark, then runs one of the benchmark's programs: `node bench/start.mjs bench --quick`.
 * Bundled, because some of its parts are TypeScript, and the pool alone is not among what the package exports.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { built } from './processes.mjs';

const programs = ['bench', 'guard', 'memory'];
const workers = [
  'http/worker',
  'http/lean-server',
  'pool/worker',
  'weight/import-worker',
  'weight/start-worker',
  'memory/http-worker',
  'memory/pool-worker',
];

const [program, ...options] = process.argv.slice(2);
if (!programs.includes(program)) throw new Error(`Expected one of ${programs.join(', ')}, got ${program}`);

execFileSync(process.execPath, ['scripts/build.mjs', '--fast'], { stdio: 'inherit' });
await build({
  entryPoints: Object.fromEntries([...programs, ...workers].map((name) => [name, `bench/${name}.mjs`])),
  outdir: built,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  // What is measured is what a user would install.
  packages: 'external',
  logLevel: 'warning',
});
process.argv = [process.execPath, join(built, `${program}.mjs`), ...options];
await import(pathToFileURL(process.argv[1]).href);

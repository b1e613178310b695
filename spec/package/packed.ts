/** The package as a user gets it: packed, and installed into an empty folder. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

export interface Tarball {
  readonly path: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
  readonly size: number;
  readonly unpackedSize: number;
}

/** Packs what `npm run build` made. */
export function pack(into: string): Tarball {
  requireFreshBuild();
  const [packed] = JSON.parse(run(root, 'npm', ['pack', '--json', '--silent', '--pack-destination', into])) as [
    Omit<Tarball, 'path'> & { readonly filename: string },
  ];
  return { ...packed, path: join(into, packed.filename) };
}

/** An empty folder with the package installed, `rxjs` and what else is named beside it, and the files of `consumer/`. */
export function installed(...beside: readonly string[]): string {
  requireFreshBuild();
  const folder = emptyFolder();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const { path } = pack(folder);
  const packages = [path, 'rxjs@^7.8.0', ...beside];
  // Not silent: a conflict of peer dependencies is to be read.
  run(folder, 'npm', ['install', ...packages, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
  cpSync(join(__dirname, 'consumer'), folder, { recursive: true });
  return folder;
}

export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'rx-alicloud-'));
}

/** `undefined` where making the folder had failed already. */
export function remove(folder: string | undefined): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** What a command wrote. Throws with all that it wrote when it fails. */
export function run(cwd: string, command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** The files under a folder, each with the folder before it. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** These specs look at `dist`: one that is older than its source, the program's included, would pass for the wrong reason. */
function requireFreshBuild(): void {
  const newest = (folder: string) => Math.max(...filesUnder(join(root, folder)).map((file) => statSync(file).mtimeMs));
  const built = statSync(join(root, 'dist/index.d.cts'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < Math.max(newest('lib'), newest('codegen'))) {
    throw new Error('dist is missing, or older than lib and codegen: run `npm run build` first');
  }
}

/** Finds a TypeScript whose compiler API can be used, or installs one into the user's cache. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommandError } from '../lib/command-line.js';
import { reasonOf, runNpm } from './npm.js';

/** Where a compiler may be. */
export interface CompilerPlaces {
  /** Of the user: what Node resolves from here is taken first. */
  readonly project: string;
  /** Where one is installed when the project has none. */
  readonly cache: string;
}

export interface FoundCompiler {
  readonly version: string;
  readonly folder: string;
  /** The path of its package.json. */
  readonly manifest: string;
}

/** Installs `typescript@6` into a folder that has a package.json. */
export type InstallCompiler = (folder: string) => Promise<void>;

export function compilerPlaces(env: NodeJS.ProcessEnv = process.env): CompilerPlaces {
  const ofPlatform =
    process.platform === 'win32'
      ? (env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? join(homedir(), 'Library', 'Caches')
        : join(homedir(), '.cache');
  const caches = env.XDG_CACHE_HOME === undefined || env.XDG_CACHE_HOME === '' ? ofPlatform : env.XDG_CACHE_HOME;
  return { project: process.cwd(), cache: join(caches, 'rx-alicloud', 'typescript-6') };
}

/** `unusable` is the version of the project's own, where that has no API. */
export function findCompiler({ project, cache }: CompilerPlaces): {
  readonly found?: FoundCompiler;
  readonly unusable?: string;
} {
  const own = inspect(() => createRequire(join(project, 'package.json')).resolve('typescript/package.json'));
  if (own !== undefined && hasCompilerApi(own.version)) return { found: own };
  const cached = inspect(() => join(cache, 'node_modules', 'typescript', 'package.json'));
  return {
    ...(cached !== undefined && hasCompilerApi(cached.version) && { found: cached }),
    ...(own !== undefined && { unusable: own.version }),
  };
}

/** Resolves once `findCompiler` finds one. */
export async function provideCompiler(
  places: CompilerPlaces,
  tell: (text: string) => void,
  install: InstallCompiler = installByNpm,
): Promise<void> {
  const { found, unusable } = findCompiler(places);
  if (found !== undefined) return;
  const why = unusable === undefined ? 'No typescript is' : `Only typescript ${unusable}, without a usable API, is`;
  tell(`${why} in this project: installing typescript@6 into ${places.cache}, this once\n`);
  try {
    await installInto(places.cache, install);
  } catch (error) {
    throw new CommandError(
      `Expected typescript >=5.4 <7 to read packages with, got none, and npm could not install it: ${reasonOf(error)}`,
    );
  }
}

/** TypeScript 7 has no compiler API; before 5.4 nothing was tried. */
function hasCompilerApi(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 6 || (major === 5 && minor >= 4);
}

function inspect(locate: () => string): FoundCompiler | undefined {
  try {
    const manifest = locate();
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { version, folder: dirname(manifest), manifest };
  } catch {
    // None is installed.
    return undefined;
  }
}

/** Installed beside and renamed, so that what is cut off, or done by two processes, leaves no half compiler behind. */
async function installInto(cache: string, install: InstallCompiler): Promise<void> {
  mkdirSync(dirname(cache), { recursive: true });
  const beside = mkdtempSync(`${cache}-`);
  try {
    writeFileSync(join(beside, 'package.json'), '{ "private": true }\n');
    await install(beside);
    rmSync(cache, { recursive: true, force: true });
    renameSync(beside, cache);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

async function installByNpm(folder: string): Promise<void> {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runNpm(['install', 'typescript@6', ...options], folder);
}

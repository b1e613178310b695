/** Downloads the official packages, in exactly the versions that the services were generated from, into a cache folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Product } from '../../codegen/products.js';

export type Wanted = Pick<Product, 'package' | 'version' | 'integrity'>;

export interface Failure {
  readonly package: string;
  readonly message: string;
}

export const overrides = {
  // What old packages ask for exactly and the registry no longer has. It is for uploads, which are not compared.
  '@alicloud/openplatform20191219': '2.0.0',
  '@alicloud/tea-fileform': '1.2.0',
  // The versions that older packages ask for lose every 0, false and empty text of a request with JSON within a parameter.
  '@alicloud/openapi-util': '0.3.3',
};

/** Installs what `folder` lacks; throws where a package is not the one that was asked for. */
export function install(packages: readonly Wanted[], folder: string): readonly Failure[] {
  mkdirSync(folder, { recursive: true });
  // What is installed already is not looked at again by npm when an override changes.
  if (!isDeepStrictEqual(manifest(folder)?.overrides, overrides)) {
    for (const made of ['package.json', 'package-lock.json', 'node_modules']) {
      rmSync(join(folder, made), { recursive: true, force: true });
    }
  }
  const there = installed(folder);
  const missing = packages.filter((one) => there[pathOf(one)]?.version !== one.version);
  const failures = missing.length === 0 ? [] : installTogether(missing, folder);
  const now = installed(folder);
  for (const one of packages) {
    if (!failures.some((failure) => failure.package === one.package)) verify(now[pathOf(one)], one);
  }
  return failures;
}

/** One package that can't be installed stops npm from installing any: then the halves are installed one after the other. */
function installTogether(packages: readonly Wanted[], folder: string): readonly Failure[] {
  const before = manifest(folder)?.dependencies ?? {};
  writeManifest(folder, { ...before, ...Object.fromEntries(packages.map((one) => [one.package, one.version])) });
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', ['install', ...options], { cwd: folder, encoding: 'utf8' });
  if (status === 0) return [];
  writeManifest(folder, before);
  const [first = ''] = stderr.split('\n').filter((line) => /^npm error(?! code)/.test(line));
  if (packages.length === 1) return packages.map((one) => ({ package: one.package, message: first }));
  const middle = Math.ceil(packages.length / 2);
  return [packages.slice(0, middle), packages.slice(middle)].flatMap((half) => installTogether(half, folder));
}

interface Manifest {
  readonly dependencies: object;
  readonly overrides?: object;
}

function manifest(folder: string): Manifest | undefined {
  return read<Manifest>(join(folder, 'package.json'));
}

function writeManifest(folder: string, dependencies: object): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }, null, 2));
}

function verify(found: Installed | undefined, { package: name, version, integrity }: Wanted): void {
  if (found?.version === version && found.integrity === integrity) return;
  throw new Error(
    `Expected ${name} ${version} with the hash ${integrity}, got ${found?.version} with ${found?.integrity}`,
  );
}

interface Installed {
  readonly version?: string;
  readonly integrity?: string;
}

/** What npm notes down of each package that it has installed, after it has checked its hash. */
function installed(folder: string): Readonly<Record<string, Installed>> {
  const lock = read<{ packages: Record<string, Installed> }>(join(folder, 'node_modules/.package-lock.json'));
  return lock?.packages ?? {};
}

function pathOf(one: Wanted): string {
  return `node_modules/${one.package}`;
}

function read<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

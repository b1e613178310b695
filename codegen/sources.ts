/** Where `rx-alicloud generate` takes packages from: the registry, or a folder. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../lib/command-line.js';
import { download } from './download.js';
import { reasonOf } from './npm.js';
import { readTarball } from './tarball.js';

/** The tarball of a package such as `@alicloud/ecs20140526@7`. */
export type Fetch = (spec: string) => Promise<Uint8Array>;

export interface Source {
  /** As it was asked for, or where it was found. */
  readonly spec: string;
  /** Such as `@alicloud/ecs20140526`. */
  readonly packageName: string;
  /** Without scope and date: `ecs`. */
  readonly name: string;
  /** Without the scope: `ecs-20140526`. */
  readonly datedName: string;
  /** The texts of its files, by their paths in the package. */
  read(tell: (text: string) => void): Promise<Readonly<Record<string, string>>>;
}

/** Throws a `CommandError` where one is not the name of a package. */
export function fromRegistry(specs: readonly string[], fetch: Fetch): readonly Source[] {
  return specs.map((spec) => ({
    ...namesIn(spec),
    spec,
    async read(tell) {
      tell(`Downloading ${spec}\n`);
      const tarball = await fetch(spec).catch((error: unknown) => {
        throw new CommandError(`npm could not download ${spec}: ${reasonOf(error)}`);
      });
      const files = readTarball(tarball);
      tell(`Reading ${Object.keys(files).length} files\n`);
      return files;
    },
  }));
}

/**
 * The packages in a folder, unpacked or as `*.tgz`: itself, or those up to three folders below, such as
 * `node_modules/@alicloud/ecs20140526`. Where none is named, all that are the SDK of
 * a product, whose names end in a date.
 */
export function foundIn(folder: string, specs: readonly string[]): readonly Source[] {
  const wanted = new Set(specs.map((spec) => namesIn(spec).packageName));
  const isWanted = ({ packageName, name, datedName }: Source): boolean =>
    wanted.size === 0 ? datedName !== name : wanted.has(packageName);
  const found = packagesIn(folder, 3).filter(isWanted);
  const missing = [...wanted].filter((name) => !found.some(({ packageName }) => packageName === name));
  if (missing.length > 0) throw new CommandError(`There is no SDK called ${missing.join(', ')} in ${folder}.`);
  if (found.length === 0) throw new CommandError(`There is no SDK of a product in ${folder}.`);
  return found;
}

/** What has a client's source. */
function packagesIn(path: string, depth: number): readonly Source[] {
  if (path.endsWith('.tgz')) {
    const files = readTarball(readFileSync(path));
    return files['src/client.ts'] === undefined ? [] : sourcesOf(path, files['package.json'], () => files);
  }
  const names = namesOfFiles(path);
  if (names.includes('package.json') && existsSync(join(path, 'src/client.ts'))) {
    return sourcesOf(path, readFileSync(join(path, 'package.json'), 'utf8'), () => unpacked(path));
  }
  return names
    .filter((name) => !name.startsWith('.') && (name.endsWith('.tgz') || depth > 0))
    .flatMap((name) => packagesIn(join(path, name), depth - 1));
}

function sourcesOf(spec: string, manifest = '{}', files: () => Readonly<Record<string, string>>): readonly Source[] {
  const { name = '' } = JSON.parse(manifest) as { readonly name?: string };
  return packagePattern.test(name) ? [{ ...namesIn(name), spec, read: () => Promise.resolve(files()) }] : [];
}

/** Empty where it is no folder. Throws a `CommandError` where it can't be read. */
function namesOfFiles(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return [];
    throw new CommandError(`The folder ${path} can't be read (${code}).`);
  }
}

/** What a tarball of it would hold, as far as the generator reads it. */
function unpacked(folder: string): Readonly<Record<string, string>> {
  const sources = (readdirSync(join(folder, 'src'), { recursive: true }) as string[]).filter((file) =>
    file.endsWith('.ts'),
  );
  const files = ['package.json', ...sources.map((file) => `src/${file.replaceAll('\\', '/')}`)];
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

const packagePattern = /^(@alicloud\/(([\w-]+?)-?(?:\d{8}(?:_\d+)?)?))(?:@[\w.~^-]+)?$/;

function namesIn(spec: string): Pick<Source, 'packageName' | 'name' | 'datedName'> {
  const [, packageName, datedName, name] = packagePattern.exec(spec) ?? [];
  if (packageName === undefined || datedName === undefined || name === undefined) {
    throw new CommandError(
      `Expected packages, such as @alicloud/ecs20140526, got ${spec}. See rx-alicloud generate --help.`,
    );
  }
  const dated = datedName.replace(/-?(\d{8})/, '-$1');
  return { packageName, name: name.replaceAll('_', '-'), datedName: dated.replaceAll('_', '-') };
}

export async function fetchByNpm(spec: string): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'rx-alicloud-'));
  try {
    return await download(folder, spec);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

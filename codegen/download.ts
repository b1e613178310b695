/** Fetches official packages from the registry that npm is set to, into a cache folder. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.js';

/** The tarball of exactly that version; one that differs from `integrity` is refused. */
export async function downloadExact(folder: string, name: string, version: string, integrity: string): Promise<Buffer> {
  const file = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  if (!existsSync(file)) await pack(folder, `${name}@${version}`);
  const tarball = readFileSync(file);
  const actual = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  if (actual !== integrity) throw new Error(`Expected ${file} to have integrity ${integrity}, got ${actual}`);
  return tarball;
}

/** The tarball of what npm understands by `spec`, such as `@alicloud/ecs20140526@7`; npm checks its integrity. */
export async function download(folder: string, spec: string): Promise<Buffer> {
  return readFileSync(join(folder, await pack(folder, spec)));
}

async function pack(folder: string, spec: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const options = ['--json', '--loglevel=error', '--ignore-scripts', '--pack-destination', folder];
  // It may pass through a shell.
  if (!/^[@\w./~^<>=*-]+$/.test(spec)) throw new Error(`Expected the name of a package, got ${spec}`);
  const [{ filename }] = JSON.parse(await runNpm(['pack', spec, ...options])) as [{ filename: string }];
  return filename.replace('@', '').replace('/', '-');
}

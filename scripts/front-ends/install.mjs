// An example of `examples/front-ends` in a folder of its own, with its packages and the packed SDK.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installPacked } from '../install-packed.mjs';

const kept = ['node_modules', 'package.json', 'package-lock.json'];

/** Returns the folder. */
export async function install(name, tarball) {
  const source = join('examples/front-ends', name);
  const folder = resolve('.cache/front-ends', name);
  mkdirSync(folder, { recursive: true });
  for (const file of filesOf(folder)) rmSync(join(folder, file), { recursive: true });
  for (const file of filesOf(source)) cpSync(join(source, file), join(folder, file), { recursive: true });
  await installPacked(folder, JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')), tarball);
  return folder;
}

function filesOf(folder) {
  return readdirSync(folder).filter((file) => !kept.includes(file));
}

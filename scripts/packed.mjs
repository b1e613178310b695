// Packs what `npm run build` made, as it would be published.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The tarball's path. It is named after its content, so that npm takes none that it has had before for the same. */
export function packed() {
  if (!existsSync('dist/index.d.cts')) throw new Error('dist is missing: run `npm run build` first');
  const folder = '.cache/packed';
  mkdirSync(folder, { recursive: true });
  const options = ['pack', '--json', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', options, { encoding: 'utf8' }));
  const made = join(folder, filename);
  const hash = createHash('sha256').update(readFileSync(made)).digest('hex').slice(0, 16);
  const tarball = resolve(folder, `rx-alicloud-${hash}.tgz`);
  renameSync(made, tarball);
  return tarball;
}

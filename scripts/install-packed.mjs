// A folder with the packed SDK and other packages in it.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Installs what a manifest says, the SDK from its tarball; once, where nothing has changed. */
export async function installPacked(folder, manifest, tarball) {
  const dependencies = { ...manifest.dependencies, 'rx-alicloud': `file:${tarball}` };
  const text = JSON.stringify({ ...manifest, dependencies }, null, 2);
  const stamp = join(folder, 'node_modules/.installed.json');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === text) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), text);
  rmSync(join(folder, 'package-lock.json'), { force: true });
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  await run('npm', ['install', ...options], { cwd: folder });
  writeFileSync(stamp, text);
}

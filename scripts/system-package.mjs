// A program of the system that specs need: found, or installed from Debian's packages where that can be done.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Prints where it is; where it is nowhere, says so, which is a failure with CI=true alone. */
export function findOrInstall({ what, commands, package: name, named, leftOut }) {
  const find = () => candidates(commands, named).find(isExecutable);
  const found = find() ?? (install(name) ? find() : undefined);
  if (found !== undefined) {
    console.log(found);
    return;
  }
  console.error(`No ${what} was found, and none could be installed: ${leftOut}`);
  if (process.env.CI === 'true') process.exitCode = 1;
}

function candidates(commands, named) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...(named ? [named] : []), ...folders.flatMap((folder) => commands.map((name) => join(folder, name)))];
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** With what `apt-get` says on standard error, as standard output is the path. */
function install(name) {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (![...asRoot.slice(0, 1), 'apt-get'].every(isCommand)) return false;
  const steps = [['update'], ['install', '-y', '--no-install-recommends', name]];
  return steps.every((step) => {
    const [command, ...args] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...step];
    return spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status === 0;
  });
}

function isCommand(name) {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// The Chromium that the specs drive: prints where it is, installed from Debian's packages where it is missing and can be.
// Where it can't, it says so and ends with 0 and no path, so that the specs that need it are left out; with CI=true that is a
// failure. `CHROMIUM` names another one.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const found = find() ?? install();
if (found !== undefined) {
  console.log(found);
} else {
  console.error('No Chromium was found, and none could be installed: the specs in a browser are left out');
  if (process.env.CI === 'true') process.exitCode = 1;
}

function find() {
  const { CHROMIUM, PATH = '' } = process.env;
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...(CHROMIUM ? [CHROMIUM] : []), ...candidates].find(isExecutable);
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
function install() {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (![...asRoot.slice(0, 1), 'apt-get'].every(isCommand)) return undefined;
  const steps = [['update'], ['install', '-y', '--no-install-recommends', 'chromium']];
  for (const step of steps) {
    const [command, ...args] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...step];
    const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
    if (status !== 0) return undefined;
  }
  return find();
}

function isCommand(name) {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

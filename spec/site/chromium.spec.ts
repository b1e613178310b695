/** The script that finds Chromium or installs it, on machines of a few commands. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('npm run chromium', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rx-alicloud-'));
    for (const name of ['sh', 'env']) symlinkSync(join('/usr/bin', name), join(folder, name));
    // Whoever runs the spec, and whether they may install.
    command('sudo', 'shift; exec "$@"');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function command(name: string, script: string): string {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  function run(environment: NodeJS.ProcessEnv = {}): { path: string; status: number | null; said: string } {
    const env = { PATH: folder, ...environment };
    const { stdout, stderr, status } = spawnSync(process.execPath, ['scripts/chromium.mjs'], { encoding: 'utf8', env });
    return { path: stdout.trim(), status, said: stderr };
  }

  it('prints the one that is there, and the one that is named before any other', () => {
    const chromium = command('google-chrome', '');
    expect(run()).toEqual({ path: chromium, status: 0, said: '' });
    const other = command('another', '');
    expect(run({ CHROMIUM: other })).toMatchObject({ path: other, status: 0 });
  });

  it('installs it where there is none', () => {
    const log = join(folder, 'log');
    const install = `printf '#!/bin/sh\\n' > ${folder}/chromium && /bin/chmod 755 ${folder}/chromium`;
    command('apt-get', `echo "$@" >> ${log}; echo Reading package lists; case "$*" in *install*) ${install};; esac`);
    expect(run()).toMatchObject({
      path: join(folder, 'chromium'),
      status: 0,
      said: expect.stringContaining('Reading') as string,
    });
    expect(readFileSync(log, 'utf8')).toBe('-q update\n-q install -y --no-install-recommends chromium\n');
  });

  it('says that there is none, and fails in CI', () => {
    command('apt-get', 'exit 100');
    expect(run()).toMatchObject({ path: '', status: 0, said: expect.stringContaining('are left out') as string });
    expect(run({ CI: 'true' })).toMatchObject({ path: '', status: 1 });
  });
});

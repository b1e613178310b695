/** The pictures of docs/distributed.md are those that their program draws. */
import { spawnSync } from 'node:child_process';

it('are drawn as scripts/pictures.mjs says', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/pictures.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' });
});

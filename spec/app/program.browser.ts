/** The command that starts the example app. */
import { spawnSync } from 'node:child_process';

it('checks that the app renders, and ends', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/example-angular.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toBe('Cloud Explorer rendered the list of instances, through the gateway\n');
  expect(status).toBe(0);
});

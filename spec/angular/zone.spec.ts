/** Under Zone.js, a page is rendered when nothing is left in the zone. */
import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

it('a page under Zone.js is rendered when its calls have ended, with their connections kept and stats watched', () => {
  const outfile = '.cache/angular-zone-page.mjs';
  buildSync({
    entryPoints: [join(__dirname, 'zone-page.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    conditions: ['node'],
    // Zone.js can't see what awaits natively.
    target: 'es2016',
    logLevel: 'error',
  });
  const result = JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' })) as unknown;
  expect(result).toEqual({ shown: '3 3 0', isKeptAlive: true });
});

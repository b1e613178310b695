import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { installed, remove, run } from './packed.js';

const esbuild = createRequire(__filename).resolve('esbuild/bin/esbuild');

describe('rx-alicloud/testing/fake, installed', () => {
  let folder: string;
  beforeAll(() => (folder = installed('vitest@^3.2.0')), 240_000);
  afterAll(() => remove(folder));

  it('runs under node:test', () => {
    expect(run(folder, process.execPath, ['--test', '--test-reporter=tap', 'fake.node-test.mjs'])).toMatch(
      /# pass 1\n# fail 0/,
    );
  });

  it('runs under Vitest', () => {
    const vitest = join('node_modules', '.bin', 'vitest');
    const include = ['run', '--dir', '.', '--reporter=json', '--no-file-parallelism', 'fake.vitest.test.mjs'];
    const report = run(folder, vitest, include);
    expect(JSON.parse(report)).toMatchObject({ numPassedTests: 2, numFailedTests: 0 });
  });

  it('brings no emulator and no product with it', () => {
    run(folder, esbuild, [
      'node_modules/rx-alicloud/dist/testing/fake.js',
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--packages=external',
      '--outfile=fake.js',
      '--metafile=fake.json',
    ]);
    const { inputs } = JSON.parse(readFileSync(join(folder, 'fake.json'), 'utf8')) as Metafile;
    const ours = Object.keys(inputs).filter((path) => path.includes('rx-alicloud/dist/'));
    expect(ours.length).toBeGreaterThan(2);
    expect(
      ours.filter((path) => /dist\/(services\/|testing\.js)|catalog|emulator|shared\/server\./.test(path)),
    ).toEqual([]);
  });
});

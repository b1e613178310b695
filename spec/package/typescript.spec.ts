import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, remove, run } from './packed.js';

const modern = [
  ['node16', 'strict.mts', { module: 'node16' }],
  ['nodenext, as CommonJS', 'strict.cts', { module: 'nodenext' }],
  ['bundler', 'strict.ts', { module: 'esnext', moduleResolution: 'bundler' }],
] as const;

// TypeScript 7 has no `node10`.
const versions = [
  ['typescript@latest', modern],
  ['typescript@~5.4.0', [['node10', 'strict.ts', { module: 'commonjs', moduleResolution: 'node10' }], ...modern]],
] as const;

describe.each(versions)('the package in a new project with %s', (typescript, resolutions) => {
  let folder: string;
  beforeAll(() => (folder = installed(typescript)), 120_000);
  afterAll(() => remove(folder));

  it.each(resolutions)('compiles strictly, libraries checked, under %s', (_name, file, options) => {
    copyFileSync(join(folder, 'strict.ts'), join(folder, file));
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      ...options,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    expect(run(folder, join('node_modules', '.bin', 'tsc'), ['-p', '.'])).toBe('');
  });
});

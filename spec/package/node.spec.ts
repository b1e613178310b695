import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { filesUnder, installed, remove, run } from './packed.js';

const esbuild = createRequire(__filename).resolve('esbuild/bin/esbuild');
const tsc = createRequire(__filename).resolve('typescript/bin/tsc');

describe('the package, installed', () => {
  let folder: string;
  beforeAll(() => (folder = installed()), 60_000);
  afterAll(() => remove(folder));

  const output = (file: string): unknown => JSON.parse(run(folder, process.execPath, [file]));

  it('brings its own dependencies, once each, and nothing that only building needs', () => {
    const manifests = filesUnder(join(folder, 'node_modules')).filter((file) => /[\\/]package\.json$/.test(file));
    const holding = (name: string) =>
      manifests.filter((file) => file.endsWith(join('node_modules', name, 'package.json'))).length;
    expect(['axios', 'io-ts', 'fp-ts', 'rxjs', '@noble/hashes', 'typescript'].map(holding)).toEqual([1, 1, 1, 1, 0, 0]);
  });

  it.each(['esm.mjs', 'cjs.cjs'])(
    'works from %s: every subpath, in the process and over HTTP, one class, and guards that know both copies',
    (file) => {
      expect(output(file)).toEqual({
        regions: [true, true],
        oneClass: true,
        error: 'ServerError',
        copies: true,
        guards: [
          [true, false],
          [true, false],
        ],
      });
    },
  );

  it.each([
    ['an ES module that holds undici', 'esm', [], 'SDK.NotLoaded'],
    ['an ES module beside undici', 'esm', ['--external:undici'], 'SDK.NetworkError'],
    ['CommonJS', 'cjs', [], 'SDK.NetworkError'],
  ])('bundled for Node as %s, makes a call, or says what to do', (_what, format, options, code) => {
    const file = `bundled.${format === 'esm' ? 'mjs' : 'cjs'}`;
    run(folder, esbuild, [
      'bundled.ts',
      '--bundle',
      '--platform=node',
      `--format=${format}`,
      `--outfile=${file}`,
      ...options,
    ]);
    expect(output(file)).toEqual({ code, advises: code === 'SDK.NotLoaded' });
  });

  it('brings its program', () => {
    expect(run(folder, join('node_modules', '.bin', 'rx-alicloud'), ['--help'])).toMatch(
      /^ +emulator \[options\] [^]*^ +generate \[options\] /m,
    );
  });

  it.each([
    ['nodenext, as an ES module', 'strict.mts', { module: 'nodenext' }],
    ['nodenext, as CommonJS', 'strict.cts', { module: 'nodenext' }],
    ['bundler', 'strict.ts', { module: 'esnext', moduleResolution: 'bundler', noEmit: true }],
  ])(
    'compiles strictly under %s',
    (_name, file, options) => {
      copyFileSync(join(__dirname, 'consumer/strict.ts'), join(folder, file));
      const compilerOptions = {
        target: 'es2022',
        lib: ['es2022', 'dom'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        ...options,
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
      expect(run(folder, process.execPath, [tsc, '-p', '.'])).toBe('');
      if ('noEmit' in options) return;
      expect(output(file.replace('ts', 'js'))).toEqual({
        clients: 3,
        regions: expect.any(Number) as number,
        code: 'none',
        pages: 2,
      });
    },
    60_000,
  );
});

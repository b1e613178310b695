import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { snippetsOf } from '../docs/snippets.js';
import { emptyFolder, filesUnder, installed, remove, run } from './packed.js';

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

  it('runs the first program of the README, which prints what stands below it', () => {
    const [program, printed] = snippetsOf('README.md').filter(({ language }) => language !== 'sh');
    expect([program?.language, printed?.language]).toEqual(['js run', '']);
    writeFileSync(join(folder, 'first.mjs'), program?.code ?? '');
    expect(run(folder, process.execPath, ['first.mjs'])).toBe(printed?.code);
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
    ['an ES module', 'esm', [], 'SDK.NetworkError'],
    ['an ES module beside undici', 'esm', ['--conditions=node', '--external:undici'], 'SDK.NetworkError'],
    ['an ES module that holds undici as it is', 'esm', ['--conditions=node'], 'SDK.NotLoaded'],
    ['CommonJS', 'cjs', [], 'SDK.NetworkError'],
    ['CommonJS that holds undici as it is', 'cjs', ['--conditions=node'], 'SDK.NetworkError'],
  ])('bundled for Node as %s, makes a call, or says what to do', (_what, format, options, code) => {
    const file = `bundled.${format === 'esm' ? 'mjs' : 'cjs'}`;
    const warnings = run(folder, esbuild, [
      'bundled.ts',
      '--bundle',
      '--platform=node',
      `--format=${format}`,
      `--outfile=${file}`,
      '--log-level=warning',
      ...options,
    ]);
    expect(warnings).toBe('');
    expect(output(file)).toEqual({ code, advises: code === 'SDK.NotLoaded' });
  });

  it('bundled for Node as ES modules, needs nothing beside it, and loads what sends requests with the first of them', () => {
    const outdir = emptyFolder();
    const bundle = ['bundled.ts', '--bundle', '--splitting', '--platform=node', '--format=esm', '--minify'];
    // As Angular's builder has it, which warns of an ES module that imports what is none.
    const choices = ['--conditions=es2020,es2015,module', '--main-fields=es2020,es2015,module,main'];
    const output = [`--outdir=${outdir}`, '--out-extension:.js=.mjs', '--metafile=server.json'];
    run(folder, esbuild, [...bundle, ...choices, ...output]);
    const { inputs, outputs } = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8')) as Metafile;
    const ours = Object.entries(inputs).filter(([path]) => path.includes('/rx-alicloud/'));
    const imported = ours.flatMap(([, { imports }]) => imports.map(({ path }) => path));
    // RxJS chooses for itself.
    const isOthers = (path: string): boolean => inputs[path]?.format === 'cjs' && !path.includes('/rxjs/');
    expect(imported.filter(isOthers)).toEqual([]);
    const holding = Object.values(outputs).filter((output) => Object.keys(output.inputs).some(isUndici));
    expect(holding).toHaveLength(1);
    expect(holding[0]?.bytes).toBeLessThan(200_000);
    const atOnce = Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => outputs[path]),
    );
    expect(atOnce).not.toContain(holding[0]);
    expect(JSON.parse(run(outdir, process.execPath, ['bundled.mjs']))).toEqual({
      code: 'SDK.NetworkError',
      advises: false,
    });
    remove(outdir);
  });

  // What a function pays each time that it starts. `npm run bench -- --only start` has the time and all of the memory.
  it('loads no more than it needs until the first answer', () => {
    const { megabytes, files, ...others } = output('start.mjs') as {
      readonly megabytes: number;
      readonly files: Readonly<Record<string, number>>;
    };
    expect(others).toEqual({ answer: { RequestId: '1' }, hasTakenDispatcher: false });
    expect(files).toEqual({ undici: expect.any(Number) as number, axios: 0, commander: 0 });
    // Its client, of more than a hundred files.
    expect(files.undici).toBeGreaterThan(0);
    expect(files.undici).toBeLessThan(30);
    // 2 of them are enough; 23 were taken by methods that were defined one after the other.
    expect(megabytes).toBeLessThan(10);
  });

  it.each([
    ['Node, that does not look for the names of CommonJS', [], 'io-ts-node.js'],
    ['all others', ['--no-addons'], 'io-ts.js'],
  ])('has io-ts as is best for %s', (_who, options, file) => {
    const ask = ["console.log(import.meta.resolve('#io-ts'))", '--input-type=module'];
    const found = run(join(folder, 'node_modules/rx-alicloud'), process.execPath, [...options, '-e', ...ask]);
    expect(found.trim().split('/').pop()).toBe(file);
  });

  it('brings its program', () => {
    expect(run(folder, join('node_modules', '.bin', 'rx-alicloud'), ['--help'])).toContain('emulator [options]');
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

function isUndici(path: string): boolean {
  return path.includes('undici');
}

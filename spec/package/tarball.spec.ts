import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { version } from '../../lib/version.js';
import { emptyFolder, pack, remove, run, type Tarball } from './packed.js';

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly import: string }>>;
  readonly bin: { readonly 'rx-alicloud': string };
}

describe('the tarball', () => {
  let folder: string;
  let tarball: Tarball;
  let manifest: Manifest;

  beforeAll(() => {
    folder = emptyFolder();
    tarball = pack(folder);
    run(folder, 'tar', ['xzf', tarball.path]);
    manifest = JSON.parse(read('package.json')) as Manifest;
  });
  afterAll(() => remove(folder));

  const read = (file: string) => readFileSync(join(folder, 'package', file), 'utf8');
  const built = () => tarball.files.map(({ path }) => path).filter((path) => path.startsWith('dist/'));

  it('holds the build, the licence, the documents and what `ng add` runs, and nothing else', () => {
    const others = tarball.files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
    expect(others.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      'schematics/collection.json',
      'schematics/ng-add.cjs',
      'schematics/ng-add.schema.json',
    ]);
    // The licence of what is inlined beside it.
    expect(built().filter((path) => !/\.(c?js(\.map)?|d\.c?ts)$/.test(path))).toEqual([
      'dist/platform/noble-hashes.LICENSE.txt',
      'dist/platform/undici.LICENSE.txt',
    ]);
  });

  // The core has classes that extend the platform's: whichever of the two is loaded first, these have to be there.
  it('holds platforms that import nothing of what stands upon them', () => {
    const platforms = built().filter((path) => /^dist\/(platform|logging)\/.*\.c?js$/.test(path));
    expect(platforms.length).toBeGreaterThan(10);
    expect(platforms.filter((path) => /shared\/core\.c?js/.test(read(path)))).toEqual([]);
  });

  it('holds each entry as a module of both kinds, with types, and beside them shared code only', () => {
    const targets = Object.values(manifest.exports).flatMap((target) =>
      typeof target === 'string' ? [] : target.import,
    );
    const bothKinds = (name: string) => ['.js', '.cjs'].map((end) => `dist/${name}${end}`);
    const expected = [
      ...targets.flatMap((target) => ['.js', '.cjs', '.d.ts', '.d.cts'].map((end) => target.slice(2, -3) + end)),
      ...[
        'node',
        'browser',
        'host-node',
        'host-browser',
        'sha1-node',
        'sha1-browser',
        'sha256-node',
        'sha256-browser',
        'digest-node',
        'digest-browser',
        'hashing-in-page',
        'io-ts',
        'undici',
      ].flatMap((name) => bothKinds(`platform/${name}`)),
      ...['logging/debug-node', 'logging/debug-none'].flatMap(bothKinds),
      ...[
        'direct',
        'direct-features',
        'features',
        'features-node',
        'features-browser',
        'gateway',
        'sending-node',
        'sending-browser',
        'answer-node',
        'answer-browser',
      ].flatMap((name) => bothKinds(`pipeline/${name}`)),
      ...['queues/list-node', 'queues/list-browser'].flatMap(bothKinds),
      ...['signature/templates-node', 'signature/templates-browser'].flatMap(bothKinds),
      ...bothKinds('paging/paging'),
      'dist/platform/noble-hashes.LICENSE.txt',
      'dist/platform/undici.LICENSE.txt',
      'dist/cli.js',
      'dist/platform/io-ts-node.js',
      'dist/platform/undici-bundled.js',
    ];
    const found = built().filter((path) => !path.startsWith('dist/shared/') && !path.endsWith('.map'));
    expect(found.sort()).toEqual(expected.sort());
  });

  it('holds a source map, with its sources, of each module but the generated ones, and names no other', () => {
    const modules = built().filter((path) => /\.c?js$/.test(path));
    const mapped = modules.filter((path) => /^\/\/# sourceMappingURL=/m.test(read(path)));
    expect(built().filter((path) => path.endsWith('.map'))).toEqual(mapped.map((path) => `${path}.map`));
    expect(mapped).toEqual(expect.arrayContaining(['dist/shared/core.js', 'dist/shared/core.cjs', 'dist/cli.js']));
    expect(mapped.filter((path) => path.startsWith('dist/services/'))).toEqual([]);
    const { sources, sourcesContent } = JSON.parse(read('dist/shared/core.js.map')) as Record<string, string[]>;
    expect(sources).toContain('../../lib/client.ts');
    expect(sourcesContent).toHaveLength(sources!.length);
  });

  it('keeps the choice of the platform to the code', () => {
    const types = built().filter((path) => path.includes('.d.'));
    expect(types.filter((path) => read(path).includes('#platform'))).toEqual([]);
    expect(built().filter((path) => read(path).includes('#platform')).length).toBeGreaterThan(0);
  });

  it('says its version once', () => {
    expect(version).toBe(manifest.version);
  });

  it('mentions no folder of the machine that built it', () => {
    const root = resolve(__dirname, '../..');
    expect(built().filter((path) => read(path).includes(root))).toEqual([]);
  });

  it('runs as a command', () => {
    const [firstLine] = read(manifest.bin['rx-alicloud']).split('\n');
    expect(firstLine).toBe('#!/usr/bin/env node');
  });
});

/** What pages of the specs load: bundled for browsers with the built package, as an app would have it. */
import { build, type Plugin } from 'esbuild';
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { filesUnder } from '../package/packed.js';

const root = resolve(__dirname, '../..');

/** By path, such as `lab.js`. */
export type Bundle = ReadonlyMap<string, Uint8Array>;

/** @param entries files of `page/`: what they load on demand is a file of its own, save below `whole/` */
export async function bundlePages(...entries: readonly string[]): Promise<Bundle> {
  requireFreshModules();
  const isWhole = (entry: string): boolean => entry.startsWith('whole/');
  const bundles = await Promise.all([
    bundleTo(
      '',
      true,
      entries.filter((entry) => !isWhole(entry)),
    ),
    bundleTo(
      'whole/',
      false,
      entries.filter(isWhole).map((entry) => basename(entry)),
    ),
  ]);
  return new Map(bundles.flat());
}

async function bundleTo(
  folder: string,
  splitting: boolean,
  entries: readonly string[],
): Promise<[path: string, contents: Uint8Array][]> {
  if (entries.length === 0) return [];
  const { outputFiles, warnings } = await build({
    entryPoints: entries.map((name) => resolve(__dirname, 'page', name)),
    bundle: true,
    splitting,
    write: false,
    outdir: 'pages',
    platform: 'browser',
    format: 'esm',
    // The paths of tsconfig.json are Node's side of `#platform`; the package's own `imports` are what counts.
    tsconfigRaw: '{}',
    plugins: [publishedPackage],
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  return outputFiles.map(({ path, contents }) => [folder + basename(path), contents]);
}

/** The entries of the package are taken from `dist` by its `exports`, while their types are those of the source. */
const publishedPackage: Plugin = {
  name: 'published-package',
  setup(bundler) {
    bundler.onResolve({ filter: /\/lib\/(services\/[^/]+|(\w+\/)*index)\.js$/ }, ({ path, kind }) => {
      const subpath = path.replace(/^.*\/lib\/|\.js$|\/?index\.js$/g, '').replace('services/', '');
      const published = { providers: 'credentials' }[subpath] ?? subpath;
      return bundler.resolve(['rx-alicloud', published].filter(Boolean).join('/'), { kind, resolveDir: root });
    });
  },
};

/** A build that is older than its source would pass for the wrong reason. */
function requireFreshModules(): void {
  const changed = (path: string): number => statSync(resolve(root, path)).mtimeMs;
  const built = existsSync(resolve(root, 'dist/index.js')) ? changed('dist/index.js') : 0;
  if (filesUnder(resolve(root, 'lib')).some((file) => changed(file) > built)) {
    throw new Error('dist is missing, or older than lib: run `npm run build:fast` first');
  }
}

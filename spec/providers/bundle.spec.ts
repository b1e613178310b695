import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';

describe('a bundle of the providers for a browser', () => {
  it('needs nothing of Node, and gives no warning', async () => {
    const root = resolve(__dirname, '../..');
    const { metafile, warnings } = await build({
      entryPoints: [resolve(root, 'lib/providers/index.ts')],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'esm',
      alias: {
        '#debug': resolve(root, 'lib/logging/debug-none.ts'),
        '#host': resolve(root, 'lib/platform/host-browser.ts'),
        '#platform': resolve(root, 'lib/platform/browser.ts'),
        '#sha1': resolve(root, 'lib/platform/sha1-browser.ts'),
      },
      logLevel: 'silent',
    });
    expect(warnings).toEqual([]);
    const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect(imported.filter((path) => builtinModules.includes(path.replace(/^node:/, '')))).toEqual([]);
  });
});

import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles a file of the source for a browser: what the bundler warns of, and what of Node the bundle needs. */
export async function browserBundleOf(entry: string): Promise<{ warnings: unknown[]; builtins: string[] }> {
  const root = resolve(__dirname, '..');
  const { metafile, warnings } = await build({
    entryPoints: [resolve(root, entry)],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'esm',
    alias: {
      '#answer': resolve(root, 'lib/pipeline/answer-browser.ts'),
      '#debug': resolve(root, 'lib/logging/debug-none.ts'),
      '#digest': resolve(root, 'lib/platform/digest-browser.ts'),
      '#features': resolve(root, 'lib/pipeline/features-browser.ts'),
      '#host': resolve(root, 'lib/platform/host-browser.ts'),
      '#list': resolve(root, 'lib/queues/list-browser.ts'),
      '#platform': resolve(root, 'lib/platform/browser.ts'),
      '#sending': resolve(root, 'lib/pipeline/sending-browser.ts'),
      '#templates': resolve(root, 'lib/signature/templates-browser.ts'),
      '#sha1': resolve(root, 'lib/platform/sha1-browser.ts'),
      '#sha256': resolve(root, 'lib/platform/sha256-browser.ts'),
    },
    logLevel: 'silent',
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  return { warnings, builtins: imported.filter((path) => builtinModules.includes(path.replace(/^node:/, ''))) };
}

/** Runs what `bench/micro` has of this name: `npm run bench:micro -- hmac`. Bundled, as some of it compares what `lib` has. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [name = ''] = process.argv.slice(2);
const outfile = join('.cache/bench/micro', `${name}.mjs`);
await build({
  entryPoints: [`bench/micro/${name}.mjs`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);

// Makes `.mutation/specs.cjs` of the specs of a pass, each a `describe`, so that its hooks are for its own tests alone.
import { build } from 'esbuild';
import { specsOf } from './passes.mjs';

const specs = specsOf(process.argv[2]);
const entry = [
  `export * from './scripts/mutation/globals.mjs';`,
  ...specs.map((name) => `describe('${name}', () => void require('./spec/${name}.spec.ts'));`),
];
await build({
  stdin: { contents: entry.join('\n'), resolveDir: '.' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  alias: { '#features': './scripts/mutation/features.mjs' },
  // All but RxJS, whose schedulers keep what a mutant leaves in them.
  external: ['@jest/*', 'jest-*', 'axios', 'esbuild', 'fast-check', 'fp-ts', 'io-ts', 'undici'],
  outfile: '.mutation/specs.cjs',
  logLevel: 'warning',
});

import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { defineConfig, type TsdownPlugin } from 'tsdown';
import { readProducts } from './codegen/products.js';

const waiters = readdirSync('lib/waiters').map((file) => file.replace('.ts', ''));

/** What a user imports: the subpaths of `exports` in package.json. */
export const subpaths: Readonly<Record<string, string>> = {
  index: 'lib/index.ts',
  ...Object.fromEntries(readProducts().map(({ name }) => [`services/${name}`, `lib/services/${name}.ts`])),
  bullmq: 'lib/bullmq/index.ts',
  credentials: 'lib/providers/index.ts',
  gateway: 'lib/gateway/index.ts',
  'gateway/node': 'lib/gateway/node/index.ts',
  'gateway/redis': 'lib/gateway/redis/index.ts',
  interop: 'lib/interop/index.ts',
  'interop/node': 'lib/interop/node/index.ts',
  nestjs: 'lib/nestjs/index.ts',
  opentelemetry: 'lib/opentelemetry/index.ts',
  queues: 'lib/queues/index.ts',
  operators: 'lib/operators/index.ts',
  redis: 'lib/redis/index.ts',
  ...Object.fromEntries(waiters.map((name) => [`waiters/${name}`, `lib/waiters/${name}.ts`])),
  testing: 'lib/testing/index.ts',
  'testing/fake': 'lib/testing/fake/index.ts',
  angular: 'lib/angular/index.ts',
  'angular/testing': 'lib/angular/testing/index.ts',
};

const entry = {
  ...subpaths,
  // Reached by `#platform`, `#host`, `#io-ts`, `#sha1`, `#sha256`, `#digest`, `#sending`, `#undici`, `#features`, `#answer`, `#list`, `#templates` and `#debug` only: the package's `imports` choose between them, in Node and in every bundler.
  'platform/node': 'lib/platform/node.ts',
  'platform/browser': 'lib/platform/browser.ts',
  'platform/host-node': 'lib/platform/host-node.ts',
  'platform/host-browser': 'lib/platform/host-browser.ts',
  'platform/io-ts': 'lib/platform/io-ts.ts',
  'platform/sha1-node': 'lib/platform/sha1-node.ts',
  'platform/sha1-browser': 'lib/platform/sha1-browser.ts',
  'platform/sha256-node': 'lib/platform/sha256-node.ts',
  'platform/sha256-browser': 'lib/platform/sha256-browser.ts',
  'platform/digest-node': 'lib/platform/digest-node.ts',
  'platform/digest-browser': 'lib/platform/digest-browser.ts',
  'platform/hashing-in-page': 'lib/platform/browser/hashing-in-page.ts',
  'pipeline/answer-node': 'lib/pipeline/answer-node.ts',
  'pipeline/answer-browser': 'lib/pipeline/answer-browser.ts',
  'queues/list-node': 'lib/queues/list-node.ts',
  'queues/list-browser': 'lib/queues/list-browser.ts',
  'signature/templates-node': 'lib/signature/templates-node.ts',
  'signature/templates-browser': 'lib/signature/templates-browser.ts',
  'pipeline/direct': 'lib/pipeline/direct.ts',
  'pipeline/direct-features': 'lib/pipeline/direct-features.ts',
  'platform/undici': 'lib/platform/node/undici.ts',
  'pipeline/features': 'lib/pipeline/features.ts',
  'pipeline/features-node': 'lib/pipeline/features-node.ts',
  'pipeline/features-browser': 'lib/pipeline/features-browser.ts',
  'pipeline/gateway': 'lib/pipeline/gateway.ts',
  'pipeline/sending-node': 'lib/pipeline/sending-node.ts',
  'pipeline/sending-browser': 'lib/pipeline/sending-browser.ts',
  'paging/paging': 'lib/paging/paging.ts',
  'logging/debug-node': 'lib/logging/debug-node.ts',
  'logging/debug-none': 'lib/logging/debug-none.ts',
};

const notice = '/*! Holds @noble/hashes: MIT License (c) 2022 Paul Miller (https://paulmillr.com) */';

/**
 * The browser's hashing, inlined by esbuild: rolldown opens the functions that hold SHA-512's tables, unused as they are,
 * and then keeps the tables.
 */
const inlineHashing: TsdownPlugin = {
  name: 'inline-hashing',
  async load(id) {
    if (!/\/lib\/platform\/(browser\/noble|sha1-browser)\.ts$/.test(id)) return undefined;
    const { outputFiles } = await build({ entryPoints: [id], bundle: true, format: 'esm', write: false });
    return { code: `${notice}\n${outputFiles[0]?.text}`, moduleType: 'js' };
  },
};

/** What every client needs, and what both ways of sending need beside it. */
const inCore =
  /\/lib\/(client|credentials\/is-credential|codec\/complete|codec\/readable|pipeline\/(body-reader|current-attempt|in-context-of|refusal|wait-without-slot)|schema\/(request-types|write-json))\.ts$/;

const undiciNotice =
  '/*! Holds undici: MIT License (c) Matteo Collina and Undici contributors (https://undici.nodejs.org) */';

/**
 * undici's `Client` as an ES module that imports Node's built-ins. HTTP/2 and the bodies of `fetch` are never asked for, and
 * of the two builds of its parser the one that all machines run is enough: compressed, as it is the largest part by far.
 */
const inlineUndici: TsdownPlugin = {
  name: 'inline-undici',
  async load(id) {
    if (!id.endsWith('/lib/platform/node/undici-bundled.ts')) return undefined;
    const imports = new Map<string, string>();
    const whatIsNeeded: Plugin = {
      name: 'what-is-needed',
      setup(building) {
        building.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'built-in' }));
        building.onLoad({ filter: /^/, namespace: 'built-in' }, ({ path }) => {
          const name = path.replace(/\W/g, '_');
          imports.set(name, `import ${name} from '${path}';`);
          return { contents: `module.exports = ${name};` };
        });
        building.onResolve({ filter: /\/(client-h2|web\/fetch\/body|llhttp_simd-wasm)\.js$/ }, ({ path }) => ({
          path,
          namespace: 'left-out',
        }));
        building.onLoad({ filter: /^/, namespace: 'left-out' }, ({ path }) => ({
          contents: `module.exports = () => { throw new Error('Left out of rx-alicloud: ${path}'); };`,
        }));
        building.onLoad({ filter: /\/llhttp-wasm\.js$/ }, async ({ path }) => {
          const { default: parser } = (await import(path)) as { default: Buffer };
          const text = brotliCompressSync(parser).toString('base64');
          const inflated = `require('node:zlib').brotliDecompressSync(Buffer.from('${text}', 'base64'))`;
          return { contents: `const { Buffer } = require('node:buffer'); module.exports = ${inflated};` };
        });
        building.onLoad({ filter: /\/llhttp\/constants\.js$/ }, async ({ path }) => {
          const { TYPE, ERROR } = (await import(path)) as Record<string, unknown>;
          const reader = await readFile(join(dirname(path), '../dispatcher/client-h1.js'), 'utf8');
          const others = reader.match(/\bconstants\.(?!TYPE\b|ERROR\b|js\b)\w+/g);
          if (others !== null)
            throw new Error(`undici's client reads more of its parser's constants: ${others.join()}`);
          return { contents: `module.exports = ${JSON.stringify({ TYPE, ERROR })};` };
        });
      },
    };
    const { outputFiles } = await build({
      entryPoints: [id],
      bundle: true,
      format: 'esm',
      platform: 'node',
      minify: true,
      legalComments: 'none',
      write: false,
      plugins: [whatIsNeeded],
    });
    const code = [undiciNotice, ...imports.values(), outputFiles[0]?.text].join('\n');
    return { code, moduleType: 'js' };
  },
};

/** The program, what ES modules alone need, and what bundlers take, who read ES modules from CommonJS, too. */
const esmOnly = {
  cli: 'lib/cli.ts',
  'platform/io-ts-node': 'lib/platform/io-ts-node.ts',
  'platform/undici-bundled': 'lib/platform/node/undici-bundled.ts',
};

/** Without `dts` it is the fast path of scripts/build.mjs: ES modules only. */
export default defineConfig(({ dts }) => ({
  entry,
  format: {
    esm: { entry: { ...entry, ...esmOnly } },
    ...(dts === false ? {} : { cjs: {} }),
  },
  tsconfig: 'tsconfig.build.json',
  dts: dts !== false && { entry: Object.values(subpaths) },
  fixedExtension: false,
  // What the entries share stands in chunks, so that a class is one class under every subpath.
  hash: false,
  outputOptions: (options, format) => ({
    ...options,
    // All that every client needs is one file, and what both sides of `#platform` need of it another. Cut finer, a bundler
    // that splits at every difference, as esbuild does, would make many small files of it, which compress badly.
    codeSplitting: {
      groups: [
        {
          name: 'errors',
          test: /\/lib\/(errors|platform\/(browser\/(hex|utf8)|connections|failure|lazily|origin-of|too-long))\.ts$/,
          priority: 4,
        },
        // Apart from each other: a bundler keeps what `index` takes from a file that the features need, too, asked for or not.
        { name: 'classify', test: /\/lib\/retry\/classify\.ts$/, priority: 4 },

        { name: 'is-retryable', test: /\/lib\/retry\/is-retryable\.ts$/, priority: 3 },
        // Apart from what reads them, as pages that call through a gateway have none.
        { name: 'credentials', test: /\/lib\/credentials\/credentials\.ts$/, priority: 1 },
        { name: 'core', test: inCore, priority: 2 },
        // Apart from what clients have by themselves, as few are given one.
        { name: 'rate-limiter', test: /\/lib\/throttling\/rate-limiter\.ts$/, priority: 1 },
        { name: 'direct', test: /\/lib\/pipeline\/direct\.ts$/, priority: 0 },
      ],
    },
    chunkFileNames: format === 'cjs' ? 'shared/[name].cjs' : 'shared/[name].js',
  }),
  // scripts/build.mjs drops those of the generated services.
  sourcemap: true,
  plugins: [inlineHashing, inlineUndici],
  copy: [
    { from: 'node_modules/@noble/hashes/LICENSE', to: 'dist/platform', rename: 'noble-hashes.LICENSE.txt' },
    { from: 'node_modules/undici/LICENSE', to: 'dist/platform', rename: 'undici.LICENSE.txt' },
  ],
  deps: {
    neverBundle: [
      '#answer',
      '#debug',
      '#digest',
      '#features',
      '#host',
      '#io-ts',
      '#list',
      '#platform',
      '#sending',
      '#sha1',
      '#sha256',
      '#templates',
      '#undici',
    ],
    onlyBundle: [],
  },
  checks: { legacyCjs: false, pluginTimings: false },
  failOnWarn: true,
}));

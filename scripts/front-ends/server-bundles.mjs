// Servers whose bundles hold the SDK and all that it needs, by the bundlers of the examples.
import { execFile } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { complaintsIn } from '../processes.mjs';

const run = promisify(execFile);
const configFile = 'server.config.mjs';

/** By name: the example with the bundler, its configuration, how it is called, and what it makes. */
export const serverBundles = {
  'vite-ssr': {
    bundler: 'Vite, SSR, noExternal',
    example: 'react',
    config: `export default { build: { ssr: 'server.mjs', outDir: 'server' }, ssr: { noExternal: true } };`,
    build: ['node_modules/vite/bin/vite.js', 'build', '--config', configFile],
    output: 'server/server.js',
  },
  'webpack-esm': {
    bundler: 'webpack, target node, ES module',
    example: 'webpack',
    config: `export default {
      mode: 'production', target: 'node', entry: './server.mjs', experiments: { outputModule: true },
      output: { path: import.meta.dirname + '/server', filename: 'server.mjs', module: true, chunkFormat: 'module' },
    };`,
    build: ['node_modules/webpack/bin/webpack.js', '--config', configFile],
    output: 'server/server.mjs',
  },
  'webpack-cjs': {
    bundler: 'webpack, target node, CommonJS',
    example: 'webpack',
    config: `export default {
      mode: 'production', target: 'node', entry: './server.mjs',
      output: { path: import.meta.dirname + '/server', filename: 'server.cjs', chunkFilename: '[id].cjs' },
    };`,
    build: ['node_modules/webpack/bin/webpack.js', '--config', configFile],
    output: 'server/server.cjs',
  },
};

/** Servers in fetch form, each with the gateway behind a route of its own. */
export const handlers = { bundler: 'SvelteKit, Hono, h3 (Nuxt)', example: 'handlers' };

/** `folder` is that of the example; the environment is what its gateway reads. */
export async function checkHandlers(folder, environment) {
  copyFileSync('scripts/front-ends/handlers.mjs', join(folder, 'handlers.mjs'));
  const env = { ...environment, ORIGIN: 'http://localhost:3000' };
  const built = await run('npm', ['run', '--silent', 'build'], { cwd: folder, env });
  const ran = await run(process.execPath, ['handlers.mjs'], { cwd: folder, env });
  const expected = Object.fromEntries(['hono', 'nuxt', 'sveltekit'].map((name) => [name, [200, 421]]));
  return {
    warnings: complaintsIn(built.stdout + built.stderr),
    faults: [
      ...(isDeepStrictEqual(JSON.parse(ran.stdout), expected) ? [] : [`the handlers answered ${ran.stdout}`]),
      ...(ran.stderr === '' ? [] : [ran.stderr]),
    ],
  };
}

/** `folder` is that of the example, with its packages. */
export async function checkServer({ config, build, output }, folder, access) {
  copyFileSync('scripts/front-ends/server.mjs', join(folder, 'server.mjs'));
  writeFileSync(join(folder, configFile), config);
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NO_COLOR: '1' };
  const built = await run(process.execPath, build, { cwd: folder, env });
  const ran = await run(process.execPath, [output], { cwd: folder, env: { ...env, ACCESS: JSON.stringify(access) } });
  const seen = JSON.parse(ran.stdout);
  return {
    warnings: complaintsIn(built.stdout + built.stderr),
    faults: [
      ...(isDeepStrictEqual(seen, { answered: true, refused: true }) ? [] : [`the server saw ${ran.stdout}`]),
      ...(ran.stderr === '' ? [] : [ran.stderr]),
    ],
  };
}

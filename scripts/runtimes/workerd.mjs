// A Worker in workerd, bundled as Wrangler does it, with nothing of Node.
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { freePort, start } from '../processes.mjs';

/** `file` is the Worker's, in the folder with its packages; of its origin, `bindingsAt` makes its bindings, which are texts. */
export async function startWorker(program, file, bindingsAt) {
  const folder = dirname(file);
  const name = basename(file, '.mjs');
  const { warnings } = await build({
    entryPoints: [file],
    outfile: join(folder, `${name}.bundle.js`),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    target: 'es2024',
    logLevel: 'silent',
  });
  const port = await freePort();
  const config = join(folder, `${name}.capnp`);
  writeFileSync(config, configOf(name, port, bindingsAt(`http://127.0.0.1:${port}`)));
  const server = await start(program, ['serve', config], { cwd: folder, port, env: {} });
  return { ...server, warnings: warnings.map(({ text }) => text) };
}

function configOf(name, port, bindings) {
  const texts = Object.entries(bindings).map(([key, text]) => `(name = "${key}", text = ${JSON.stringify(text)})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "${name}.bundle.js")],
      compatibilityDate = "2026-11-01",
      bindings = [${texts.join(', ')}],
      globalOutbound = "loopback",
    )),
    (name = "loopback", network = (allow = ["127.0.0.1/32"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`;
}

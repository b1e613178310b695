import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { filesUnder } from '../package/packed.js';

/** Where `npm run docs:build` puts the site. */
export const site = '.cache/site';

/** A site that is older than what it is made of would pass for the wrong reason. */
export function requireFreshSite(): void {
  const changed = (path: string): number => statSync(path).mtimeMs;
  const sources = [...['lib', 'docs', 'site'].flatMap(filesUnder), 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
  const built = existsSync(join(site, 'index.html')) ? changed(join(site, 'index.html')) : 0;
  if (sources.some((source) => changed(source) > built)) {
    throw new Error(`${site} is missing, or older than its sources: run \`npm run docs:build\` first`);
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** The file of a built site that answers to a path: `/async` is async.html, `/api/` its index. */
export function fileOf(folder: string, path: string): string | undefined {
  const file = join(folder, decodeURIComponent(path));
  const candidates = path.endsWith('/') ? [join(file, 'index.html')] : [file, `${file}.html`];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}

/** Serves a folder on a free port of the loopback interface, as a host of static pages does. */
export async function serve(folder: string): Promise<{ readonly origin: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = fileOf(folder, pathname);
    const type = types[extname(file ?? '')] ?? 'application/octet-stream';
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': type });
    response.end(file === undefined ? '' : readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

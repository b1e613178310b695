/** A registry on the loopback interface with a few packages, so that npm has where to download from. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Registry {
  /** What makes npm use it, and a cache of its own. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface Published {
  readonly name: string;
  readonly version: string;
  /** Its path. */
  readonly tarball: string;
}

/** `cache` is a path. */
export async function openRegistry(packages: readonly Published[], cache: string): Promise<Registry> {
  const server = createServer((request, response) => {
    const url = decodeURIComponent(request.url ?? '');
    const published = packages.find(({ name }) => url === `/${name}` || url === `/${name}.tgz`);
    if (published === undefined) return void response.writeHead(404).end('{}');
    const { name, version } = published;
    const content = readFileSync(published.tarball);
    if (url.endsWith('.tgz')) return void response.end(content);
    const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
    const dist = { tarball: `${origin}/${name}.tgz`, integrity };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dist } } }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: { npm_config_registry: origin, 'npm_config_@alicloud:registry': origin, npm_config_cache: cache },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A registry on the loopback interface with one package, so that npm has where to download from. */
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

/** `tarball` and `cache` are paths. */
export async function openRegistry(name: string, version: string, tarball: string, cache: string): Promise<Registry> {
  const content = readFileSync(tarball);
  const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
  const server = createServer(({ url = '' }, response) => {
    if (url === '/package.tgz') return void response.end(content);
    if (decodeURIComponent(url) !== `/${name}`) return void response.writeHead(404).end('{}');
    const dist = { tarball: `${origin}/package.tgz`, integrity };
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

// A built example as it is served in production, with the gateway beside it.
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:";

/** Without a folder it is the gateway alone, for the pages of another server, which passes their calls on. */
export async function serve(cloud, { folder, pagesFrom } = {}) {
  const server = createServer((request, response) => {
    if (request.url.startsWith('/api/alicloud/')) return gateway(request, response);
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = folder && join(folder, pathname === '/' ? 'index.html' : pathname);
    if (!file || !existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(file)], 'content-security-policy': policy });
    response.end(readFileSync(file));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${server.address().port}`;
  const origin = `http://${host}`;
  const gateway = cloud.gatewayFor(pagesFrom ?? origin, [host]);
  return {
    origin,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A Redis of the example's own, on a free port: the installed one, or Debian's package where it can be installed. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export async function startRedis() {
  const finder = fileURLToPath(new URL('../../scripts/redis.mjs', import.meta.url));
  const found = spawnSync(process.execPath, [finder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const path = found.stdout.trim();
  if (path === '') throw new Error('Install redis-server, or name one in REDIS_SERVER');
  const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  const port = await freePort();
  // As a queue needs it: what was accepted is on disk, and nothing is evicted.
  const options = { port, bind: '127.0.0.1', dir: folder, appendonly: 'yes', 'maxmemory-policy': 'noeviction' };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn(path, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => server.kill());
  for await (const line of server.stdout) if (String(line).includes('eady to accept connections')) break;
  if (server.exitCode !== null) throw new Error('Redis has ended');
  return {
    port,
    async close() {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

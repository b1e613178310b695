/** A Redis of a bench's own, which keeps nothing on disk, on a socket in a folder of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function startRedis() {
  const found = spawnSync(process.execPath, ['scripts/redis.mjs'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const path = found.stdout.trim();
  if (path === '') throw new Error('There is no redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const socket = join(folder, 'redis.sock');
  const server = spawn(path, ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of server.stdout) if (String(line).includes('ready to accept')) break;
  return {
    socket,
    close() {
      server.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  };
}

// Servers of other programs: started on a free port, and ended with all that they have started.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when it answers requests. `complaints()` is what it wrote that looks like a warning or an error. */
export async function start(command, args, { cwd, port, env }) {
  // A group of its own, as development servers work in further processes.
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const closed = once(child, 'close');
  const origin = `http://127.0.0.1:${port}`;
  const end = performance.now() + 120_000;
  while (!(await answers(origin))) {
    if (performance.now() > end) process.kill(-child.pid, 'SIGKILL');
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${command} ${args.join(' ')} ended:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    origin,
    complaints: () => complaintsIn(output),
    async stop() {
      process.kill(-child.pid, 'SIGKILL');
      await closed;
    },
  };
}

/** The lines of a tool's output that say that something is amiss. Names of files may hold the same words. */
export function complaintsIn(output) {
  // eslint-disable-next-line no-control-regex
  const lines = output.replace(/\u001b\[[\d;]*m/g, '').split('\n');
  const amiss = /(?<![\w/-])(?:warn\w*|errors?|deprecat\w*|can't|cannot|could not|failed)(?![\w-]|\.\w)|⚠|✗|\(!\)/i;
  return lines.filter((line) => amiss.test(line) && !/(?<!\d)0 (?:errors|warnings)/.test(line));
}

/** Asks again and again, as what it waits for happens in another process. */
export async function until(isSo, what) {
  const end = performance.now() + 180_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function answers(origin) {
  try {
    const response = await fetch(origin, { signal: AbortSignal.timeout(30_000) });
    await response.arrayBuffer();
    return response.status < 500;
  } catch {
    return false;
  }
}

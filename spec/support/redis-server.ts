/** A Redis of a spec's own, on loopback: it can be killed, held still and started again, with or without what it knew. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RedisServer {
  /** Where it listens: a Unix socket, so that no other program can be in its place. */
  readonly socket: string;
  /** A port of 127.0.0.1, which is 0 unless it was asked for one. */
  readonly port: number;
  readonly pid: number;
  /** At once, as by a machine that fails: what it has not written is lost. */
  kill(): Promise<void>;
  /** As an administrator does: it writes what it has to. */
  stop(): Promise<void>;
  /** At the same place. @param options.empty Without what it has on disk; @default false */
  start(options?: { readonly empty?: boolean }): Promise<void>;
  /** It keeps its connections and answers nothing, until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends it and removes what it has on disk. */
  close(): Promise<void>;
}

export interface RedisOptions {
  /** The program, as `findRedis` tells it. */
  readonly path: string;
  /** Listens on a free port of 127.0.0.1, too. @default false */
  readonly onPort?: boolean;
  /** As in redis.conf, such as `{ appendonly: 'yes', appendfsync: 'always' }`. @default nothing is written to disk */
  readonly config?: Readonly<Record<string, string>>;
}

/** The program that `npm run redis` finds or installs; undefined where there is none, and that is allowed. */
export function findRedis(): string | undefined {
  const { stdout, status } = spawnSync(process.execPath, ['scripts/redis.mjs'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('There is no Redis, and there has to be one');
  const path = stdout.trim();
  return path === '' ? undefined : path;
}

/** Specs that need a Redis: left out where there is none, which fails where there has to be one. */
export function describeWithRedis(name: string, specs: (path: string) => void): void {
  const path = findRedis();
  (path === undefined ? describe.skip : describe)(name, () => specs(path ?? ''));
}

export async function startRedis({ path, onPort = false, config = {} }: RedisOptions): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const socket = join(folder, 'redis.sock');
  let port = 0;
  let child: ChildProcess | undefined;

  const launch = async (): Promise<void> => {
    const settings = { save: '', appendonly: 'no', ...config, port: String(port), bind: '127.0.0.1' };
    const args = Object.entries({ ...settings, unixsocket: socket, dir: folder }).flatMap(([key, value]) => [
      `--${key}`,
      value,
    ]);
    const started = spawn(path, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    // Where this process ends before its time, nothing of it stays.
    const abandon = (): void => void started.kill('SIGKILL');
    process.once('exit', abandon);
    started.once('exit', () => process.off('exit', abandon));
    let said = '';
    await new Promise<void>((resolve, reject) => {
      started.once('error', reject);
      started.once('exit', () => reject(new Error(`Redis ended: ${said.slice(-500)}`)));
      started.stdout.on('data', (data: Buffer) => {
        // Read for as long as it runs, as it would be held up by a full pipe.
        if (child === started) return;
        said += String(data);
        if (!said.includes('ready to accept connections at')) return;
        child = started;
        resolve();
      });
    });
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    if (ending === undefined) return;
    child = undefined;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    // One that is paused would hear of nothing else.
    ending.kill('SIGCONT');
    await ended;
  };

  const server: RedisServer = {
    socket,
    get port() {
      return port;
    },
    get pid() {
      return child?.pid ?? 0;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async start({ empty = false } = {}) {
      if (empty) for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
      await launch();
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async close() {
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };

  // Whoever takes the port between the look and the start makes Redis end.
  for (let tries = 0; ; tries++) {
    if (onPort) port = await freePort();
    try {
      await launch();
      return server;
    } catch (error) {
      if (!onPort || tries === 5) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

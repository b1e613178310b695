/** Processes that share gates, as stores of their own in one. */
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { firstValueFrom } from 'rxjs';
import type { RedisClient } from '../../lib/redis/connection.js';
import { redisStore, type RedisStoreOptions } from '../../lib/redis/redis-store.js';
import type { Gates, Pass, Scope, ThrottleFeedback } from '../../lib/throttling/gates.js';

export const scope: Scope = { credentials: 'LTAI1', region: 'cn-hangzhou', product: 'Ecs', action: 'DescribeZones' };
export const ok: ThrottleFeedback = { throttled: false, headers: {} };
export const no = (wait?: number): ThrottleFeedback => ({ throttled: true, wait, headers: {} });

export type Library = 'ioredis' | 'node-redis';

export interface Address {
  readonly path?: string;
  readonly port?: number;
}

export interface Opened {
  readonly client: RedisClient;
  close(): void;
}

/** A client as its owner makes it. `node-redis` connects in its own time: nothing waits for that. */
export function openClient(library: Library, { path, port }: Address): Opened {
  if (library === 'ioredis') {
    const options = { retryStrategy: () => 20, connectTimeout: 500 };
    const client = path === undefined ? new Redis(port ?? 0, '127.0.0.1', options) : new Redis(path, options);
    client.on('error', () => undefined);
    return { client, close: () => client.disconnect() };
  }
  const client = createClient({
    socket: {
      ...(path === undefined ? { port, host: '127.0.0.1' } : { path, tls: false }),
      reconnectStrategy: 20,
    } as never,
  });
  client.on('error', () => undefined);
  client.connect().catch(() => undefined);
  return { client, close: () => client.destroy() };
}

export class Process {
  readonly gates: Gates;
  readonly went: string[] = [];

  constructor(
    readonly opened: Opened,
    options: Omit<RedisStoreOptions, 'connection'> = {},
  ) {
    this.gates = redisStore({ connection: opened.client, ...options }).openGates();
  }

  /** Goes when it may. */
  admit(of = scope, longest?: number): Promise<Pass> {
    return firstValueFrom(this.gates.admit(of, longest));
  }

  close(): void {
    this.opened.close();
  }
}

/** As soon as that is so. */
export async function until(fits: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await fits())) await new Promise((resolve) => setTimeout(resolve, 1));
}

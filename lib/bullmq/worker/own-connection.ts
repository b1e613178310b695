/** A worker's own connections: BullMQ waits on one for ever, which its owner's may not be for. */
import type { ConnectionOptions, Worker } from 'bullmq';
import { clientRule, sendCommand, type RedisClient, type RedisConnection } from '../../redis/connection.js';

/** The connection that BullMQ and this package's scripts share. */
export interface OwnConnection {
  /** For BullMQ. */
  readonly options: ConnectionOptions;
  /** For scripts: it waits until BullMQ has one where it is BullMQ that makes it. */
  readonly commands: RedisConnection;
  /** Of which others can be made, once there is one. */
  readonly client: Promise<RedisClient>;
  /** At once: what is under way is given up. */
  disconnect(): void;
}

/** `worker` is asked for when there is one. */
export function ownConnection(connection: ConnectionOptions, worker: () => Worker): OwnConnection {
  if (!clientRule.fits(connection)) {
    const client = Promise.resolve().then(() => clientOf(worker()));
    // Whoever needs it is told.
    client.catch(() => undefined);
    return { options: connection, commands: later(client), client, disconnect: () => undefined };
  }
  // It is one, as the rule says.
  const own = duplicateOf(connection as RedisClient);
  return { options: own, commands: own, client: Promise.resolve(own), disconnect: () => disconnect(own) };
}

/** BullMQ's is that of ioredis, which it has made itself. */
async function clientOf(worker: Worker): Promise<RedisClient> {
  return (await worker.getBackend().client) as unknown as RedisClient;
}

function later(client: Promise<RedisClient>): RedisConnection {
  return { call: async (command, ...args) => sendCommand(await client, [command, ...args]) };
}

function duplicateOf(connection: RedisClient): RedisClient {
  const overrides = isIoredis(connection)
    ? { enableOfflineQueue: true, maxRetriesPerRequest: null, lazyConnect: false }
    : { disableOfflineQueue: false };
  // Of the same library, as both say.
  return (connection as { duplicate(overrides: object): object }).duplicate(overrides) as RedisClient;
}

function disconnect(connection: RedisClient): void {
  const client = connection as { disconnect?: () => unknown; destroy?: () => unknown };
  try {
    if (isIoredis(connection)) client.disconnect?.();
    else client.destroy?.();
  } catch {
    // node-redis throws where it is closed already.
  }
}

/** node-redis has no `call`. */
function isIoredis(connection: RedisClient): boolean {
  return 'call' in connection;
}

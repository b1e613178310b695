/** A worker's own connection: BullMQ waits on it for ever, which its owner's may not be for. */
import type { RedisClient } from '../../redis/connection.js';

export function duplicateOf(connection: RedisClient): RedisClient {
  const overrides = isIoredis(connection)
    ? { enableOfflineQueue: true, maxRetriesPerRequest: null, lazyConnect: false }
    : { disableOfflineQueue: false };
  // Of the same library, as both say.
  return (connection as { duplicate(overrides: object): object }).duplicate(overrides) as RedisClient;
}

/** At once: what is under way is given up. */
export function disconnect(connection: RedisClient): void {
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

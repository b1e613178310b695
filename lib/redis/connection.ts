/** Somebody else's connection to Redis, of either library: what is needed of it is the same for both. */
import type { Rule } from '../schema/options.js';
import { isObject } from '../schema/values.js';

/** What is needed of a connection: that of `ioredis`, or a client of `redis`. It stays its owner's, who closes it. */
export type RedisConnection =
  /** Of `ioredis`. */
  | { call(command: string, ...args: string[]): Promise<unknown> }
  /** Of `redis`, which is node-redis. */
  | { sendCommand(args: string[]): Promise<unknown> };

/** A connection of which another can be made, to listen on. */
export type RedisClient = RedisConnection & { duplicate(): object };

export const connectionRule: Rule = {
  expected: 'a client of ioredis or of redis',
  fits: (value) => isObject(value) && (typeof value.call === 'function' || typeof value.sendCommand === 'function'),
};

export const clientRule: Rule = {
  expected: connectionRule.expected,
  fits: (value) => connectionRule.fits(value) && isObject(value) && typeof value.duplicate === 'function',
};

/** The members of both libraries' clients that are used where they are there. */
interface Emitter {
  on?(event: string, listener: (...args: unknown[]) => void): unknown;
  off?(event: string, listener: (...args: unknown[]) => void): unknown;
  /** Of ioredis. */
  readonly status?: string;
  /** Of node-redis. */
  readonly isReady?: boolean;
  readonly isOpen?: boolean;
}

interface Listening extends Emitter {
  connect?(): Promise<unknown>;
  subscribe(channel: string, listener?: (message: string) => void): Promise<unknown>;
  /** Of ioredis. */
  disconnect?(): unknown;
  /** Of node-redis. */
  destroy?(): void;
}

/** Sends a command as it is. */
export function sendCommand(connection: RedisConnection, [name = '', ...args]: readonly string[]): Promise<unknown> {
  return isIoredis(connection) ? connection.call(name, ...args) : connection.sendCommand([name, ...args]);
}

/** Whether a command would be sent now, and not kept until there is a connection. */
export function isReady(connection: RedisConnection): boolean {
  const { status, isReady: ready } = connection as Emitter;
  // An ioredis that is to connect with its first command waits for that.
  if (isIoredis(connection)) return status === undefined || status === 'ready' || status === 'wait';
  return ready !== false;
}

/** Whether its owner has closed it, so that it will not be ready by itself. */
export function isClosed(connection: RedisConnection): boolean {
  const { status, isOpen } = connection as Emitter;
  return isIoredis(connection) ? status === 'end' : isOpen === false;
}

/** Calls the listener each time that the client emits the event, such as `ready` or `end`. Returns what undoes that. */
export function listen(client: object, event: string, listener: (...args: unknown[]) => void): () => void {
  const emitter = client as Emitter;
  emitter.on?.(event, listener);
  return () => void emitter.off?.(event, listener);
}

export interface ChannelListener {
  readonly message: (message: string) => void;
  /** Each time that it listens, or listens again: what was said in between was lost. */
  readonly subscribed: () => void;
}

/** Listens to a channel on a connection of its own, which reconnects by itself. Returns what closes that. */
export function listenToChannel(connection: RedisClient, channel: string, listener: ChannelListener): () => void {
  const { message, subscribed } = listener;
  let closed = false;
  // What cannot be sent yet is kept, whatever the owner's says of its own.
  const overrides = isIoredis(connection)
    ? { enableOfflineQueue: true, maxRetriesPerRequest: null, lazyConnect: false }
    : { disableOfflineQueue: false };
  const client = (connection as { duplicate(overrides: object): object }).duplicate(overrides) as Listening;
  // The owner's tells of it, and so does what is asked for in vain.
  client.on?.('error', () => undefined);
  const onMessage = (text: string): void => {
    if (!closed) message(text);
  };
  if (isIoredis(connection)) client.on?.('message', (_channel, text) => onMessage(String(text)));
  client.on?.('ready', () => {
    // ioredis and node-redis listen to it again by themselves; this tells when they do.
    client.subscribe(channel, ...(isIoredis(connection) ? [] : [onMessage])).then(
      () => {
        if (!closed) subscribed();
      },
      () => undefined,
    );
  });
  // Where it gives up, it is opened anew with the owner's next connection.
  if (!isIoredis(connection)) client.connect?.().catch(() => undefined);
  return () => {
    closed = true;
    if (isIoredis(connection)) client.disconnect?.();
    else tryTo(() => client.destroy?.());
  };
}

/** node-redis throws where it is closed already. */
function tryTo(act: () => void): void {
  try {
    act();
  } catch {
    // It is closed, which is what was wanted.
  }
}

/** node-redis has no `call`, but ioredis has a `sendCommand` of another kind. */
function isIoredis(connection: RedisConnection): connection is Extract<RedisConnection, { call: unknown }> {
  return 'call' in connection;
}

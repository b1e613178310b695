/** A network that fails on purpose: stands in front of a server, and cuts, delays or holds what goes through. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type NetConnectOpts, type Socket } from 'node:net';

export type Direction = 'toServer' | 'toClient';

export interface TcpProxy {
  /** On 127.0.0.1. */
  readonly port: number;
  /** How many clients are connected. */
  readonly connections: number;
  /** Breaks every connection, and every new one, until `heal`. */
  cut(): void;
  /**
   * Lets nothing through, while connections stay as they are, until `heal`: as TCP has it, what was sent meanwhile arrives
   * then, late. Without a direction, neither way: a partition.
   */
  hold(direction?: Direction): void;
  /** Each piece of data arrives so many milliseconds later from now on. */
  delay(duration: number): void;
  heal(): void;
  close(): Promise<void>;
}

/** @param target Where the server is: `{ path }` of a Unix socket, or `{ port, host }` */
export async function startProxy(target: NetConnectOpts): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const held = new Set<Direction>();
  const waiting = new Set<() => void>();
  let isCut = false;
  let duration = 0;
  let clients = 0;

  const deliver = (direction: Direction, action: () => void): void => {
    if (held.has(direction)) waiting.add(() => deliver(direction, action));
    else action();
  };

  const pump = (direction: Direction, from: Socket, to: Socket): void => {
    // In their order, even where the delay becomes shorter: a timer sends the first of those that wait, whichever that is.
    const delayed: (() => void)[] = [];
    const send = (action: () => void): void => {
      if (duration === 0 && delayed.length === 0) return deliver(direction, action);
      delayed.push(action);
      setTimeout(() => deliver(direction, delayed.shift() ?? action), duration);
    };
    from.on('data', (data) => send(() => void to.write(data)));
    from.on('end', () => send(() => to.end()));
    // A partition tells nobody that the other side is gone.
    from.on('close', () => send(() => to.destroy()));
    from.on('error', () => undefined);
  };

  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => undefined);
    if (isCut) return void client.destroy();
    clients++;
    client.on('close', () => clients--);
    const upstream = connect({ allowHalfOpen: true, ...target });
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    pump('toServer', client, upstream);
    pump('toClient', upstream, client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return clients;
    },
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    hold(direction) {
      for (const each of direction === undefined ? (['toServer', 'toClient'] as const) : [direction]) held.add(each);
    },
    delay(ms) {
      duration = ms;
    },
    heal() {
      isCut = false;
      duration = 0;
      held.clear();
      const late = [...waiting];
      waiting.clear();
      for (const action of late) action();
    },
    async close() {
      held.clear();
      waiting.clear();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { ClientError, ConfigurationError } from '../../errors.js';
import {
  checkOption,
  checkOptions,
  integerFrom,
  invalidOption,
  milliseconds,
  plainObject,
  type Rules,
} from '../../schema/options.js';
import { refuseBrokenRequests } from './broken-requests.js';
import {
  createNodeHandler,
  gatewayRule,
  handlerRules,
  type GatewayHandler,
  type NodeHandlerOptions,
} from './node-handler.js';

/** Limits to connections. How long a body may take, and how much of it is read, is the gateway's `limits`. */
export interface GatewayServerOptions extends NodeHandlerOptions {
  /** How long the head of a request may take, in milliseconds, >= 1. @default 10000 */
  readonly headersTimeout?: number | undefined;
  /** How long a whole request may take to arrive, in milliseconds, >= `headersTimeout`. @default 300000 */
  readonly requestTimeout?: number | undefined;
  /** How long a connection without a request stays open, in milliseconds, >= 1. @default 5000 */
  readonly keepAliveTimeout?: number | undefined;
  /** How many requests a connection may carry one after another: an integer >= 1. @default 1000 */
  readonly maxRequestsPerConnection?: number | undefined;
  /** How many connections may be open; further ones are closed at once: an integer >= 1. @default 1000 */
  readonly maxConnections?: number | undefined;
  /**
   * How many of them may be of one address; further ones are closed at once: an integer >= 1. Behind a proxy, all are of the proxy's.
   *
   * @default as many as `maxConnections`
   */
  readonly maxConnectionsPerAddress?: number | undefined;
  /** The longest head of a request, in bytes: an integer >= 1. @default 16384 */
  readonly maxHeaderSize?: number | undefined;
  /** How long `close` waits for what is under way, in milliseconds, >= 0. @default 10000 */
  readonly closeTimeout?: number | undefined;
  /** Key and certificate, as Node's `tls.createSecureContext` takes them: the server then speaks HTTPS. @default plain HTTP */
  readonly tls?: SecureContextOptions | undefined;
}

/** A server that does nothing but answer for a gateway. */
export interface GatewayServer {
  /**
   * Port 0 is any free one. Rejects with an `SDK.NetworkError` where the port is taken, with an `SDK.InvalidConfiguration` where
   * it is no port.
   *
   * @param host the interface; by default the loopback one, which only this machine reaches
   */
  listen(port?: number, host?: string): Promise<{ readonly url: string; readonly port: number }>;
  /** How many connections are open. */
  readonly openConnections: number;
  /**
   * Takes no more connections, closes idle ones, and the others when their answers are written, or after `closeTimeout`.
   * Nothing is left open then: no socket, no timer. The gateway stays as it is; it has a `close` of its own.
   */
  close(): Promise<void>;
}

const duration = { ...integerFrom(1), expected: 'an integer of milliseconds >= 1' };

const rules: Rules<GatewayServerOptions> = {
  ...handlerRules,
  headersTimeout: duration,
  requestTimeout: duration,
  keepAliveTimeout: duration,
  maxRequestsPerConnection: integerFrom(1),
  maxConnections: integerFrom(1),
  maxConnectionsPerAddress: integerFrom(1),
  maxHeaderSize: integerFrom(1),
  closeTimeout: milliseconds,
  tls: plainObject,
};

/**
 * A server of Node for a gateway, with limits to connections and to how slow they may be.
 *
 * @example
 * const server = createGatewayServer(gateway);
 * const { url } = await server.listen(8081);
 * …
 * await server.close();
 *
 * @throws ConfigurationError at once, where an option can't work
 * @see createNodeHandler for the servers of others
 */
export function createGatewayServer(gateway: GatewayHandler, options: GatewayServerOptions = {}): GatewayServer {
  checkOption('gateway', gateway, gatewayRule);
  checkOptions(options, rules);
  const { drainTimeout, lingerTimeout = 2_000, closeTimeout = 10_000, maxConnectionsPerAddress = Infinity } = options;
  const handle = createNodeHandler(gateway, { drainTimeout, lingerTimeout });
  const server = createNodeServer(options);
  const connections = new Set<Socket>();
  // The first that is not written yet, of each connection.
  const responses = new Map<Socket, ServerResponse>();
  let isClosing = false;

  function take(message: IncomingMessage, response: ServerResponse): void {
    const { socket } = message;
    if (!responses.has(socket)) responses.set(socket, response);
    // Told so, the caller sends no further request into a connection that is about to close.
    if (isClosing) response.shouldKeepAlive = false;
    response.once('close', () => {
      if (responses.get(socket) === response) responses.delete(socket);
      if (isClosing) socket.destroySoon();
    });
    handle(message, response);
  }
  server.on('request', take);
  // Without a listener, Node would write an answer without a body to what is expected. The gateway's handler refuses it.
  server.on('checkContinue', take);
  server.on('checkExpectation', take);
  refuseBrokenRequests(server, gateway, { responses, lingerTimeout });
  const ofAddress = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    const { remoteAddress = '' } = socket;
    const open = (ofAddress.get(remoteAddress) ?? 0) + 1;
    ofAddress.set(remoteAddress, open);
    socket.once('close', () => {
      connections.delete(socket);
      const left = (ofAddress.get(remoteAddress) ?? 1) - 1;
      if (left > 0) ofAddress.set(remoteAddress, left);
      else ofAddress.delete(remoteAddress);
    });
    if (open > maxConnectionsPerAddress) socket.destroy();
  });

  return {
    listen(port = 0, host = '127.0.0.1') {
      isClosing = false;
      return listen(server, port, host, options.tls === undefined ? 'http' : 'https');
    },
    get openConnections() {
      return connections.size;
    },
    async close() {
      isClosing = true;
      const closed = [server, ...connections].map((one) => new Promise((resolve) => one.once('close', resolve)));
      server.close();
      // What Node takes for busy may have sent half of a head, or nothing. Over TLS these are not the sockets of requests.
      for (const socket of connections) if (options.tls === undefined && !responses.has(socket)) socket.destroy();
      const timer = setTimeout(() => connections.forEach((socket) => socket.destroy()), closeTimeout);
      await Promise.all(closed);
      clearTimeout(timer);
    },
  };
}

function createNodeServer(options: GatewayServerOptions): Server {
  const { headersTimeout = 10_000, requestTimeout = 300_000, keepAliveTimeout = 5_000, tls } = options;
  if (requestTimeout < headersTimeout) {
    throw invalidOption('requestTimeout', 'milliseconds >= `headersTimeout`', requestTimeout);
  }
  const settings: ServerOptions = {
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    // How often Node looks for those that take too long.
    connectionsCheckingInterval: Math.min(1_000, headersTimeout),
    maxHeaderSize: options.maxHeaderSize ?? 16_384,
    insecureHTTPParser: false,
    // The handler requires it: Node's own answer has no body.
    requireHostHeader: false,
    // Finds those whose other end is gone without a word.
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  };
  const server =
    tls === undefined
      ? createServer(settings)
      : createTlsServer({ ...settings, ...tls, handshakeTimeout: headersTimeout });
  server.maxConnections = options.maxConnections ?? 1_000;
  server.maxRequestsPerSocket = options.maxRequestsPerConnection ?? 1_000;
  return server;
}

function listen(server: Server, port: number, host: string, scheme: string): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new ConfigurationError({ path: 'port', expected: 'an integer from 0 to 65535', received: String(port) });
    }
    const fail = (cause: Error): void =>
      reject(
        new ClientError('SDK.NetworkError', `The gateway can't listen on ${host}, port ${port}: ${cause.message}`, {
          cause,
        }),
      );
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      // A server on a port, not on a pipe, has an address of this kind.
      const bound = server.address() as AddressInfo;
      resolve({ port: bound.port, url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound.port}` });
    });
  });
}

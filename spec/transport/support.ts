/** A server on the loopback interface that tells what came over its sockets. */
import axios, { type CreateAxiosDefaults } from 'axios';
import { once, type EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { lastValueFrom } from 'rxjs';
import type { NetworkError } from '../../lib/errors.js';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import type { HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';

export interface Seen {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export class Loopback {
  readonly seen: Seen[] = [];
  readonly sockets = new Set<Socket>();
  /** How many connections there have been. */
  accepted = 0;
  /** How long it waits between the pieces of a body that it reads, in milliseconds. */
  pause = 0;
  private readonly server: Server;
  private readonly closings: Promise<unknown>[] = [];

  /** @param tls What it speaks TLS with. */
  constructor(
    answer: Answer = (_request, response) => response.end('{}'),
    private readonly tls?: TlsOptions,
  ) {
    const listener: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (this.pause === 0) return;
        request.pause();
        setTimeout(() => request.resume(), this.pause);
      });
      request.on('end', () => {
        const { method = '', url = '', rawHeaders } = request;
        this.seen.push({ method, url, headers: pairs(rawHeaders), body: Buffer.concat(chunks) });
        answer(request, response);
      });
    };
    this.server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    // Only the client closes connections that are idle.
    this.server.keepAliveTimeout = 0;
    this.server.on('connection', (socket: Socket) => {
      this.accepted++;
      this.sockets.add(socket);
      this.closings.push(
        new Promise<void>((resolve) =>
          socket.once('close', () => {
            this.sockets.delete(socket);
            resolve();
          }),
        ),
      );
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `${this.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  get events(): EventEmitter {
    return this.server;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Waits until the other side has closed every connection that there was. */
  async allClosed(): Promise<void> {
    await Promise.all(this.closings);
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await this.allClosed();
  }
}

/** A server that accepts connections, reads nothing and says nothing. */
export class Silent {
  private readonly server = createTcpServer({ pauseOnConnect: true });
  private readonly connection = once(this.server, 'connection') as Promise<[Socket]>;

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  get accepted(): Promise<unknown> {
    return this.connection;
  }

  /** Waits until the other side has closed its connection, and ends. */
  async closed(): Promise<void> {
    const [socket] = await this.connection;
    // A reset is an end too.
    socket.on('error', () => undefined);
    if (!socket.destroyed) {
      socket.resume();
      await once(socket, 'close');
    }
    this.server.close();
  }
}

function pairs(raw: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1]]] : [])) as [string, string][],
  );
}

export function send(transport: Transport, request: Partial<HttpRequest> & { url: string }): Promise<HttpResponse> {
  return lastValueFrom(transport.send({ method: 'POST', headers: {}, ...request }));
}

export async function failure(
  transport: Transport,
  request: Partial<HttpRequest> & { url: string },
): Promise<NetworkError> {
  try {
    await send(transport, request);
  } catch (error) {
    return error as NetworkError;
  }
  throw new Error('Expected an error, got a response');
}

/** Every way that a request can take in Node. */
export const transports: readonly (readonly [name: string, make: () => Transport])[] = [
  ['undici', (): Transport => axiosTransport()],
  ["undici, through the user's axios", (): Transport => through({})],
  ["axios' own adapter", (): Transport => through({ adapter: 'http', proxy: false })],
  ["the user's agents", (): Transport => through({ httpAgent: new Agent({ keepAlive: true }) })],
];

function through(defaults: CreateAxiosDefaults): Transport {
  return axiosTransport({ axios: axios.create(defaults) });
}

/** What one spec works with: a server, and a transport to it. */
export class Setting {
  loopback = new Loopback();
  transport = axiosTransport();
  url = '';

  constructor(private readonly make: () => Transport = axiosTransport) {}

  async begin(answer?: Answer, tls?: TlsOptions): Promise<void> {
    this.loopback = new Loopback(answer, tls);
    this.transport = this.make();
    this.url = await this.loopback.listen();
  }

  async end(): Promise<void> {
    this.transport.closeIdle?.();
    await this.loopback.close();
  }
}

/** A file of `fixtures/`. */
export function fixture(name: string): string {
  return readFileSync(join(__dirname, 'fixtures', name), 'utf8');
}

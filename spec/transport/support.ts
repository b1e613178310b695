/** A server on the loopback interface that tells what came over its sockets. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
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
  private readonly server: Server;
  private readonly closings: Promise<unknown>[] = [];

  constructor(answer: Answer = (_request, response) => response.end('{}')) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', rawHeaders } = request;
        this.seen.push({ method, url, headers: pairs(rawHeaders), body: Buffer.concat(chunks) });
        answer(request, response);
      });
    });
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
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
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

/** What one spec works with: a server, and a transport to it. */
export class Setting {
  loopback = new Loopback();
  transport = axiosTransport();
  url = '';

  async begin(answer?: Answer): Promise<void> {
    this.loopback = new Loopback(answer);
    this.transport = axiosTransport();
    this.url = await this.loopback.listen();
  }

  async end(): Promise<void> {
    this.transport.closeIdle?.();
    await this.loopback.close();
  }
}

/** A forward proxy on the loopback interface. Whatever host it is asked for, it takes what it is told to. */
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { pipeline } from 'node:stream';

export interface Asked {
  readonly method: string;
  /** `host:port`, or an absolute URL. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly host: string | undefined;
}

export class ForwardProxy {
  readonly asked: Asked[] = [];
  readonly sockets = new Set<Socket>();
  /** How many connections there have been. */
  accepted = 0;
  /** What it refuses every request with. */
  refusal: number | undefined;
  private readonly server: Server;

  /** @param targetPort Where on this machine everything is. */
  constructor(
    private readonly targetPort: number,
    tls?: TlsOptions,
  ) {
    this.server = tls === undefined ? createServer() : createTlsServer(tls);
    this.server.on('connection', (socket: Socket) => {
      this.accepted++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
    this.server.on('request', (request: IncomingMessage, response) => {
      this.note(request);
      if (this.refusal !== undefined) return response.writeHead(this.refusal).end('no');
      const { method, headers } = request;
      const path = (request.url ?? '').replace(/^http:\/\/[^/]*/, '');
      const onwards = httpRequest({ port: this.targetPort, host: '127.0.0.1', method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        pipeline(answer, response, () => undefined);
      });
      pipeline(request, onwards, () => undefined);
    });
    this.server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.note(request);
      if (this.refusal !== undefined) return socket.end(`HTTP/1.1 ${this.refusal} No\r\ncontent-length: 0\r\n\r\n`);
      const onwards = connect(this.targetPort, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onwards.write(head);
        pipeline(socket, onwards, socket, () => undefined);
      });
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this.host;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private note({ method = '', url: target = '', headers }: IncomingMessage): void {
    this.asked.push({ method, target, authorization: headers['proxy-authorization'], host: headers.host });
  }
}

/** The metadata service of an ECS instance, and any other server that gives credentials over HTTP, on loopback. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status?: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** How the connection ends instead: before the answer, or in the middle of its body. */
  readonly ends?: 'reset' | 'cut';
}

export class LoopbackServer {
  /** Method and path, in the order in which they came. */
  readonly seen: string[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  readonly bodies: string[] = [];
  private server: Server | undefined;

  constructor(public answer: (request: IncomingMessage) => Reply) {}

  async listen(): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.seen.push(`${request.method} ${request.url}`);
        this.headers.push(request.headers);
        this.bodies.push(Buffer.concat(chunks).toString());
        const { status = 200, body = '', headers, ends } = this.answer(request);
        if (ends === 'reset') request.socket.resetAndDestroy();
        else if (ends === undefined) response.writeHead(status, headers).end(body);
        else {
          const half = body.slice(0, body.length / 2);
          response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
          response.write(half, () => request.socket.destroy());
        }
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

/** As the metadata service and a credentials URI answer. */
export function answer(differs: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    Code: 'Success',
    AccessKeyId: 'STS.id',
    AccessKeySecret: 'secret',
    SecurityToken: 'token',
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    ...differs,
  });
}

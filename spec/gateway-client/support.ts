/** A gateway that is written by hand from the protocol's document: what it was sent, and what it is told to answer. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientOptions } from '../../lib/client-options.js';
import { AlicloudClient } from '../../lib/client.js';
import type { Operation, Service } from '../../lib/service.js';

export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Reply = (request: Received, response: ServerResponse, index: number) => void;

export class Gateway {
  readonly received: Received[] = [];
  reply: Reply = (_request, response) => json(response, {});
  /** The requests that were cut off by their sender, by index, and what waits for the first of them. */
  private readonly gone: (() => void)[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      const pieces: Buffer[] = [];
      request.on('error', () => undefined);
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const { method, url: path, headers } = request;
        const received = { method, path, headers, body: Buffer.concat(pieces) };
        const index = this.received.push(received) - 1;
        response.on('close', () => {
          if (!response.writableFinished) this.gone.splice(0).forEach((tell) => tell());
        });
        this.reply(received, response, index);
      });
    });
  }

  static async open(): Promise<Gateway> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Gateway(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/alicloud`;
  }

  /** Resolves when the client has cut a request off. */
  cutOff(): Promise<void> {
    return new Promise((resolve) => this.gone.push(resolve));
  }

  /** The JSON of a request. */
  json(index = 0): unknown {
    return JSON.parse(String(this.received[index]?.body)) as unknown;
  }

  /** For the next spec. */
  forget(): void {
    this.received.length = 0;
    this.reply = (_request, response) => json(response, {});
  }

  client(options: ClientOptions = {}): AlicloudClient {
    return new AlicloudClient({ gateway: this.url, regionId: 'cn-hangzhou', ...options });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** What a frame holds, read byte by byte as the document says. */
export function opened(frame: Buffer): { readonly json: unknown; readonly contents: Buffer } {
  const length = frame.readUInt32BE(0);
  return { json: JSON.parse(frame.toString('utf8', 4, 4 + length)) as unknown, contents: frame.subarray(4 + length) };
}

export const service: Service = {
  product: 'Ecs',
  version: '2014-05-26',
  endpoints: { prefix: 'ecs', rule: 'regional', regions: {} },
};

export function operation<Request = Record<string, unknown>, Response = unknown>(
  differs: Partial<Operation<Request, Response>> = {},
): Operation<Request, Response> {
  return { service, action: 'DescribeThings', response: 'a', ...differs };
}

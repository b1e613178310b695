/** Requests that no handler sees: what Node's parser stumbles over, what takes too long, and CONNECT. */
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { AdapterRefusal } from '../refusal.js';
import type { GatewayHandler } from './node-handler.js';

export interface BrokenRequestOptions {
  /** The response that is under way on a connection. */
  readonly responses: ReadonlyMap<Socket, ServerResponse>;
  /** How long a connection stays open after its refusal, in milliseconds. */
  readonly lingerTimeout: number;
}

/** Answers them as the gateway refuses, and closes their connections. */
export function refuseBrokenRequests(
  server: Server,
  gateway: GatewayHandler,
  { responses, lingerTimeout }: BrokenRequestOptions,
): void {
  const refused = new WeakSet<Socket>();

  async function refuse(socket: Socket, code: AdapterRefusal, message: string): Promise<void> {
    // The parser stumbles over all that follows, too.
    if (refused.has(socket)) return;
    refused.add(socket);
    // Within an answer there is no place for another.
    if (!socket.writable || responses.get(socket)?.headersSent === true) return void socket.destroy();
    const text = await textOf(gateway.refuse(code, { remoteAddress: socket.remoteAddress }, message));
    // Closed at once, the connection would be reset where more comes, and the refusal lost.
    const timer = setTimeout(() => socket.destroy(), lingerTimeout);
    socket.once('close', () => clearTimeout(timer));
    socket.end(text);
  }

  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket) => {
    // The connection is a plain or a TLS socket.
    const connection = socket as Socket;
    if (code === 'HPE_HEADER_OVERFLOW') {
      void refuse(connection, 'Gateway.HeadersTooLarge', 'The head of the request is too long');
    } else if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
      void refuse(connection, 'Gateway.RequestTimeout', 'The request took too long to arrive');
    } else if (code.startsWith('HPE_')) {
      void refuse(connection, 'Gateway.InvalidRequest', 'Expected a request of HTTP/1.1, without any leniency');
    } else connection.destroy();
  });
  server.on('connect', (_message, socket) => {
    void refuse(socket as Socket, 'Gateway.InvalidRequest', 'The method CONNECT is not for this server');
  });
}

/** An answer as it goes over the wire. */
async function textOf(answer: Response): Promise<string> {
  const body = await answer.text();
  const headers = [
    ...[...answer.headers].filter(([name]) => name !== 'content-length'),
    ['content-length', String(Buffer.byteLength(body))],
    ['connection', 'close'],
  ];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${lines}\r\n${body}`;
}

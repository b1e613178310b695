/** The emulator as an HTTP server. Only `listen` loads this file, and only Node has what it needs. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  catchError,
  concatMap,
  delay,
  EMPTY,
  from,
  of,
  switchMap,
  tap,
  timer,
  type Observable,
  type Subscription,
} from 'rxjs';
import { ClientError } from '../errors.js';
import type { RequestHandler } from './request-handler.js';
import { slowPieces, type Reply, type WireRequest } from './wire.js';

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** How many connections are open. */
  open(): number;
  /** How many connections were made. */
  accepted(): number;
  /** Ends every connection, idle or not. */
  close(): Promise<void>;
}

/**
 * Rejects where the port is taken or the host isn't one of this machine. Of a request's body, no more is kept than one
 * byte beyond `maxRequestSize`: by that the handler knows that it is too large.
 */
export async function listen(
  handle: RequestHandler,
  port: number,
  host: string,
  maxRequestSize = Infinity,
): Promise<Listening> {
  // Not an import: a bundler for browsers would stumble over it, although it is never run there.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer((request, response) => answer(handle, request, response, maxRequestSize));
  // Longer than clients keep idle connections, so that it is never the server who closes one that is about to be used.
  server.keepAliveTimeout = 65_000;
  const connections = countConnections(server);
  const address = await bind(server, port, host);
  return {
    ...address,
    open: () => connections.open.size,
    accepted: () => connections.accepted,
    async close() {
      const closed = [server, ...connections.open].map((one) => new Promise((resolve) => one.once('close', resolve)));
      server.close();
      for (const socket of connections.open) socket.destroy();
      await Promise.all(closed);
    },
  };
}

interface Connections {
  readonly open: Set<Socket>;
  accepted: number;
}

function countConnections(server: Server): Connections {
  const connections: Connections = { open: new Set(), accepted: 0 };
  server.on('connection', (socket: Socket) => {
    connections.accepted++;
    connections.open.add(socket);
    socket.on('close', () => connections.open.delete(socket));
  });
  return connections;
}

function bind(server: Server, port: number, host: string): Promise<Pick<Listening, 'url' | 'port'>> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new ClientError('SDK.NetworkError', whyNot(cause, port, host), { cause })),
    );
    server.listen(port, host, () => {
      // A server on a port, not on a pipe, has an address of this kind.
      const bound = server.address() as AddressInfo;
      resolve({ port: bound.port, url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}` });
    });
  });
}

function whyNot({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  if (code === 'EADDRINUSE') return `Port ${port} of ${host} is in use already`;
  if (code === 'EACCES') return `Port ${port} of ${host} needs more rights than this process has`;
  return `The emulator can't listen on ${host}, port ${port}: ${message}`;
}

/** A page of any origin may call the emulator, and may see all of its answers. */
const crossOrigin = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*, date' };

function answer(
  handle: RequestHandler,
  request: IncomingMessage,
  response: ServerResponse,
  maxRequestSize: number,
): void {
  response.sendDate = false;
  if (request.method === 'OPTIONS') {
    const headers = request.headers['access-control-request-headers'] ?? '*';
    response.writeHead(204, {
      ...crossOrigin,
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, HEAD',
      'access-control-allow-headers': headers,
      'access-control-max-age': '600',
    });
    response.end();
    return;
  }
  let subscription: Subscription | undefined;
  response.once('close', () => subscription?.unsubscribe());
  readBody(request, maxRequestSize, (body) => {
    subscription = handle(toWire(request, body))
      .pipe(concatMap((reply) => write(response, reply)))
      .subscribe();
  });
}

function readBody(request: IncomingMessage, limit: number, done: (body: Uint8Array) => void): void {
  const chunks: Uint8Array[] = [];
  let size = 0;
  request.on('data', (chunk: Uint8Array) => {
    const isWithin = size <= limit;
    size += chunk.length;
    if (isWithin) chunks.push(chunk);
    // What follows is read, so that the client comes to the answer, and dropped.
    if (isWithin && size > limit) done(Buffer.concat(chunks).subarray(0, limit + 1));
  });
  request.on('end', () => {
    const [only] = chunks;
    if (size <= limit) done(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  });
}

function toWire({ method, url, rawHeaders }: IncomingMessage, body: Uint8Array): WireRequest {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    const value = rawHeaders[i + 1] ?? '';
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before},${value}`;
  }
  return { method: method ?? 'GET', target: url ?? '/', headers, body };
}

/** Emits nothing; unsubscribing stops a body that is being written slowly. */
function write(response: ServerResponse, reply: Reply): Observable<unknown> {
  const { status, headers, body, more, delivery } = reply;
  if (delivery?.kind === 'late') {
    return timer(delivery.duration).pipe(switchMap(() => write(response, { ...reply, delivery: undefined })));
  }
  if (delivery?.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return EMPTY;
  }
  const bytes = Buffer.from(body);
  const length = status === 204 || more !== undefined ? undefined : { 'content-length': String(bytes.length) };
  response.writeHead(status, { ...headers, ...length, ...crossOrigin });
  switch (delivery?.kind) {
    case undefined:
      if (more !== undefined) return writeMore(response, bytes, more);
      response.end(bytes);
      return EMPTY;
    case 'close':
      response.end(bytes, () => response.socket?.end());
      return EMPTY;
    case 'cut':
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
      return EMPTY;
    case 'slow':
      response.flushHeaders();
      return from(pieces(bytes)).pipe(
        concatMap((piece) => of(piece).pipe(delay(delivery.duration / slowPieces))),
        tap({ next: (piece) => response.write(piece), complete: () => response.end() }),
      );
  }
}

function writeMore(response: ServerResponse, bytes: Buffer, more: Observable<string>): Observable<unknown> {
  response.flushHeaders();
  if (bytes.length > 0) response.write(bytes);
  return more.pipe(
    tap({ next: (piece) => response.write(piece), complete: () => response.end(), error: () => response.destroy() }),
    catchError(() => EMPTY),
  );
}

function pieces(bytes: Buffer): Buffer[] {
  const size = Math.max(1, Math.ceil(bytes.length / slowPieces));
  return Array.from({ length: slowPieces }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

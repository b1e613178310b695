/** A server on the loopback interface for pages and for what they call: two hosts, so that calls are of another origin. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { fixture } from '../transport/support.js';
import type { Bundle } from './bundle.js';

/** What comes in, in its order, for whoever waits for it. */
class Arrivals<T> {
  readonly all: T[] = [];
  private taken = 0;
  private readonly waiting: ((item: T) => void)[] = [];

  add(item: T): void {
    this.all.push(item);
    this.waiting.shift()?.(item);
  }

  /** The next that nobody has taken yet. */
  next(): Promise<T> {
    const item = this.all[this.taken++];
    return item === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(item);
  }

  clear(): void {
    this.all.length = this.taken = 0;
  }
}

/** A request to the host that is called, and what becomes of it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** All of it, once it has come. */
  readonly body: Promise<Buffer>;
  /** When nothing more can come of it: whether its answer was sent whole. */
  readonly ended: Promise<'answered' | 'aborted'>;
  /** Breaks its connection. */
  readonly reset: () => void;
}

/** What a browser asks before a request that no form could make. */
export interface Preflight {
  readonly request: IncomingMessage;
  readonly answer: (status?: number) => void;
}

export type Answer = (exchange: Exchange) => unknown;

export const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
} as const;

export class Lab {
  /** What was called, without preflights. */
  readonly exchanges = new Arrivals<Exchange>();
  readonly preflights = new Arrivals<Preflight>();
  /** What pages have told by themselves. */
  readonly reports = new Arrivals<string>();
  /** Requests that have neither been answered nor aborted. */
  open = 0;
  /** What is asked first, as a gateway below its path. */
  mounted: ((request: IncomingMessage, response: ServerResponse, next: () => void) => void) | undefined;
  answer: Answer = ({ response }) => respond(response, '{}');
  onPreflight: (preflight: Preflight) => unknown = allow;
  /** Whether connections are used again. */
  keepsAlive = true;
  private readonly pages = new Map<string, Page>();
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly bundle: Bundle,
    readonly scheme: 'http' | 'https',
  ) {
    const listener = (request: IncomingMessage, response: ServerResponse): void => this.listen(request, response);
    this.server =
      scheme === 'http'
        ? createServer(listener)
        : createTlsServer({ key: fixture('server.key'), cert: fixture('server.pem') }, listener);
    this.server.keepAliveTimeout = 0;
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) await once(this.server, 'close');
  }

  /** Where the pages are. No name of this machine, so that over HTTP they are no secure context. */
  get site(): string {
    return this.originOf('app.test');
  }

  /** What the pages call. */
  get api(): string {
    return this.originOf('api.test');
  }

  originOf(host: string): string {
    return `${this.scheme}://${host}:${(this.server.address() as AddressInfo).port}`;
  }

  /** Serves a page that loads these scripts of the bundle, and gives its URL. */
  serve(name: string, { scripts = ['lab.js'], headers = {} }: Partial<Page> = {}, host = 'app.test'): string {
    this.pages.set(`/${name}`, { scripts, headers });
    return `${this.originOf(host)}/${name}`;
  }

  /** Begins anew: the next request is the next to come. */
  forget(): void {
    this.exchanges.clear();
    this.preflights.clear();
    this.answer = ({ response }) => respond(response, '{}');
    this.onPreflight = allow;
    this.keepsAlive = true;
  }

  private listen(request: IncomingMessage, response: ServerResponse): void {
    response.shouldKeepAlive = this.keepsAlive;
    const { mounted } = this;
    if (mounted === undefined) this.handle(request, response);
    else mounted(request, response, () => this.handle(request, response));
  }

  private handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.site);
    const page = this.pages.get(pathname);
    const script = this.bundle.get(pathname.slice(1));
    if (page !== undefined) servePage(page, response);
    else if (script !== undefined) response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    else if (pathname === '/report') void this.takeReport(request, response);
    else if (request.method === 'OPTIONS') this.admit(request, response);
    else this.exchange(request, response);
  }

  private exchange(request: IncomingMessage, response: ServerResponse): void {
    const exchange = this.watch(request, response);
    this.exchanges.add(exchange);
    this.answer(exchange);
  }

  private async takeReport(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    this.reports.add(body.toString());
    response.end();
  }

  private admit(request: IncomingMessage, response: ServerResponse): void {
    const answer = (status = 204): void => {
      response.writeHead(status, {
        ...crossOrigin,
        'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
      });
      response.end();
    };
    this.preflights.add({ request, answer });
    this.onPreflight({ request, answer });
  }

  /** Watches what becomes of a request. */
  watch(request: IncomingMessage, response: ServerResponse): Exchange {
    this.open++;
    const ended = new Promise<'answered' | 'aborted'>((resolve) =>
      response.once('close', () => {
        this.open--;
        resolve(response.writableFinished ? 'answered' : 'aborted');
      }),
    );
    const body = bodyOf(request);
    // Under TLS, too, it is the connection beneath that is reset.
    const [connection] = [...this.sockets].filter(({ remotePort }) => remotePort === request.socket.remotePort);
    return { request, response, body, ended, reset: () => connection?.resetAndDestroy() };
  }
}

function servePage({ scripts, headers }: Page, response: ServerResponse): void {
  const tags = scripts.map((name) => `<script type="module" src="/${name}"></script>`);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
  response.end(`<!doctype html><title>lab</title><link rel="icon" href="data:,">${tags.join('')}`);
}

/** Stays pending where the request is aborted. */
function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

function allow({ answer }: Preflight): void {
  answer();
}

interface Page {
  readonly scripts: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer of the service, which pages of any origin may read. */
export function respond(
  response: ServerResponse,
  body: string | Uint8Array,
  { status = 200, ...headers }: Readonly<Record<string, string | number>> = {},
): void {
  response.writeHead(Number(status), { 'content-type': 'application/json', ...crossOrigin, ...headers });
  response.end(body);
}

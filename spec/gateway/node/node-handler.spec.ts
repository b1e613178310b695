/** A gateway in servers of Node: what passes through, in both directions, and what goes no further. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { Subject, firstValueFrom } from 'rxjs';
import { ConfigurationError } from '../../../lib/errors.js';
import type { Gateway } from '../../../lib/gateway/gateway.js';
import type { RequestInfo } from '../../../lib/gateway/request-info.js';
import { createFastifyPlugin, createNodeHandler, type NodeHandlerOptions } from '../../../lib/gateway/node/index.js';
import { openRaw, sendRaw } from './raw-client.js';
import { stubGateway } from './stub-gateway.js';

const target = '/api/alicloud/Ecs/2014-05-26/DescribeRegions';

interface Host {
  readonly port: number;
  close(): Promise<unknown>;
}

type Serve = (gateway: Gateway, options?: NodeHandlerOptions) => Promise<Host>;

async function listening(server: Server): Promise<Host> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      return closed;
    },
  };
}

const hosts: [name: string, serve: Serve][] = [
  ['node:http', (gateway, options) => listening(createServer(createNodeHandler(gateway, options)))],
  [
    'Express',
    (gateway, options) => {
      const app = express();
      app.use(createNodeHandler(gateway, options));
      app.use(express.json());
      app.use((_request, response) => void response.status(418).send('the app'));
      return listening(createServer(app as RequestListener));
    },
  ],
  [
    'Express, mounted',
    (gateway, options) => {
      const app = express();
      app.use('/api/alicloud', createNodeHandler(gateway, options));
      app.use((_request, response) => void response.status(418).send('the app'));
      return listening(createServer(app as RequestListener));
    },
  ],
  [
    'Fastify',
    async (gateway, options) => {
      const app = fastify();
      app.addHook('preParsing', (_request, _reply, payload, done) => done(null, payload));
      app.setNotFoundHandler((_request, reply) => void reply.code(418).send('the app'));
      await app.register(createFastifyPlugin(gateway, options));
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as AddressInfo;
      return {
        port,
        close: () => {
          app.server.closeAllConnections();
          return app.close();
        },
      };
    },
  ],
];

describe.each(hosts)('a gateway in %s', (_name, serve) => {
  let host: Host | undefined;
  afterEach(() => host?.close());

  async function start(handle: Gateway['handle'], options?: NodeHandlerOptions): Promise<number> {
    host = await serve(stubGateway(handle), options);
    return host.port;
  }

  it('gets the request as it came, and its answer goes back', async () => {
    let seen: [Request, RequestInfo | undefined, string] | undefined;
    const port = await start(async (request, info) => {
      seen = [request, info, await request.text()];
      return new Response('{"a":1}', {
        status: 201,
        headers: [
          ['content-type', 'application/json'],
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      });
    });
    const response = await fetch(`http://127.0.0.1:${port}${target}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-rx-alicloud-attempt': 'an-id' },
      body: '{"request":{}}',
    });
    expect(response.status).toBe(201);
    expect(await response.text()).toBe('{"a":1}');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    const [request, info, body] = seen ?? [];
    expect(body).toBe('{"request":{}}');
    expect(request?.method).toBe('POST');
    expect(request?.url).toBe(`http://127.0.0.1:${port}${target}`);
    expect(request?.headers.get('x-rx-alicloud-attempt')).toBe('an-id');
    expect(info).toMatchObject({ target, remoteAddress: '127.0.0.1' });
    expect(info?.rawHeaders?.map((text) => text.toLowerCase())).toContain('x-rx-alicloud-attempt');
    expect(request?.signal.aborted).toBe(false);
  });

  it('answers while the request is still coming, and reads no more of it than is asked for', async () => {
    const step = new Subject<void>();
    let more: ReadableStreamDefaultReader<Uint8Array> | undefined;
    const port = await start(async (request) => {
      more = request.body?.getReader();
      const first = await more?.read();
      step.next();
      await firstValueFrom(step);
      const second = await more?.read();
      return new Response([first, second].map((each) => Buffer.from(each?.value ?? []).toString()).join('|'));
    });
    const client = await openRaw(port);
    const read = firstValueFrom(step);
    client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 8\r\n\r\none,`);
    await read;
    client.send('two.');
    step.next();
    expect((await client.answer()).body).toBe('one,|two.');
    client.close();
  });

  /** Long enough for a server that would read or write ahead to do so: other requests are answered meanwhile. */
  async function others(port: number): Promise<void> {
    const client = await openRaw(port);
    for (let i = 0; i < 20; i++) {
      client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\nx-other: 1\r\ncontent-length: 0\r\n\r\n`);
      await client.answer();
    }
    client.close();
  }
  const orOther =
    (handle: (request: Request) => Promise<Response>): Gateway['handle'] =>
    (request) =>
      request.headers.has('x-other') ? Promise.resolve(new Response('other')) : handle(request);

  it('holds up a caller whose body is not read', async () => {
    const body = Buffer.alloc(64 << 20);
    const came = new Subject<Request>();
    const port = await start(
      orOther(async (request) => {
        came.next(request);
        await firstValueFrom(came);
        let length = 0;
        for await (const chunk of request.body ?? []) length += chunk.length;
        return new Response(String(length));
      }),
    );
    const client = await openRaw(port);
    const request = firstValueFrom(came);
    let isTaken = false;
    client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`);
    client.socket.write(body, () => (isTaken = true));
    const waiting = await request;
    await others(port);
    expect(isTaken).toBe(false);
    came.next(waiting);
    expect((await client.answer()).body).toBe(String(body.length));
    client.close();
  });

  it('makes no more of an answer than is read, and stops when the caller goes', async () => {
    const all = 64;
    let pulled = 0;
    const cancelled = new Subject<void>();
    const isCancelled = firstValueFrom(cancelled);
    let signal: AbortSignal | undefined;
    const long = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise(setImmediate);
        pulled++;
        controller.enqueue(new Uint8Array(1 << 20));
        if (pulled === all) controller.close();
      },
      cancel: () => cancelled.next(),
    });
    const port = await start(
      orOther((request) => {
        signal = request.signal;
        return Promise.resolve(new Response(long));
      }),
    );
    const client = await openRaw(port);
    client.socket.pause();
    client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`);
    for (let before = -1; before < pulled;) {
      before = pulled;
      await others(port);
    }
    expect(pulled).toBeLessThan(all);
    expect(signal?.aborted).toBe(false);
    client.close();
    await isCancelled;
    expect(signal?.aborted).toBe(true);
  });

  it('sends what there is of an answer at once', async () => {
    const pieces = new Subject<string>();
    const port = await start(() =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start: (controller) =>
              void pieces.subscribe({
                next: (piece) => controller.enqueue(Buffer.from(piece)),
                complete: () => controller.close(),
              }),
          }),
        ),
      ),
    );
    const response = await fetch(`http://127.0.0.1:${port}${target}`, { method: 'POST' });
    const reader = response.body?.getReader();
    pieces.next('one');
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('one');
    pieces.next('two');
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('two');
    pieces.complete();
    expect(await reader?.read()).toMatchObject({ done: true });
  });

  it('aborts the signal of the request when the caller goes before there is an answer', async () => {
    const came = new Subject<AbortSignal>();
    const port = await start(async (request) => {
      came.next(request.signal);
      await once(request.signal, 'abort');
      came.next(request.signal);
      return new Response();
    });
    const client = await openRaw(port);
    let next = firstValueFrom(came);
    client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`);
    expect((await next).aborted).toBe(false);
    next = firstValueFrom(came);
    client.socket.resetAndDestroy();
    expect((await next).aborted).toBe(true);
  });

  it('closes the connection of a caller that does not read its answer', async () => {
    const cancelled = new Subject<void>();
    const isCancelled = firstValueFrom(cancelled);
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)),
      cancel: () => cancelled.next(),
    });
    const port = await start(() => Promise.resolve(new Response(endless)), { drainTimeout: 1 });
    const client = await openRaw(port);
    client.socket.pause();
    client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`);
    await isCancelled;
    client.socket.resume();
    await client.closed;
  });

  it('breaks the connection where an answer breaks, so that nobody takes it for whole', async () => {
    const breaks = new Subject<void>();
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from('half'));
        breaks.subscribe(() => controller.error(new Error('gone')));
      },
    });
    const port = await start(() => Promise.resolve(new Response(broken)));
    const client = await openRaw(port);
    client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`);
    let received = '';
    while (!received.endsWith('half\r\n')) received += String((await once(client.socket, 'data'))[0]);
    breaks.next();
    expect(await client.closed).toMatch(/4\r\nhalf\r\n$/);
  });

  it('answers a caller that is still sending, whole, and closes', async () => {
    const refusal = 'x'.repeat(100_000);
    const port = await start(() => Promise.resolve(new Response(refusal, { status: 413 })), { lingerTimeout: 60_000 });
    const client = await openRaw(port);
    client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`);
    const piece = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
    let isOver = false;
    const send = (): void => {
      while (!isOver && client.socket.write(piece));
    };
    client.socket.on('drain', send);
    send();
    const answer = await client.answer();
    isOver = true;
    expect(answer).toMatchObject({ status: 413, body: refusal });
    expect(answer.headers.get('connection')).toBe('close');
    client.close();
  });

  it('waits no longer than it is told for one that sends on', async () => {
    const port = await start(() => Promise.resolve(new Response('no', { status: 413 })), { lingerTimeout: 1 });
    const client = await openRaw(port);
    client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n`);
    expect(await client.closed).toMatch(/\r\n\r\nno$/);
  });

  it('leaves a connection open after a refusal of a request that has come as a whole', async () => {
    const port = await start(() => Promise.resolve(new Response('no', { status: 401 })));
    const client = await openRaw(port);
    for (let i = 0; i < 3; i++) {
      client.send(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello`);
      expect(await client.answer()).toMatchObject({ status: 401 });
    }
    client.close();
  });

  it.each<[what: string, head: string]>([
    ['HTTP/1.0', `POST ${target} HTTP/1.0\r\nhost: x`],
    ['no host', `POST ${target} HTTP/1.1\r\nx-a: 1`],
    ['two hosts', `POST ${target} HTTP/1.1\r\nhost: x\r\nhost: x`],
    ['a host with a user', `POST ${target} HTTP/1.1\r\nhost: x@y`],
    ['a host with a path', `POST ${target} HTTP/1.1\r\nhost: x/y`],
    ['a host with a query', `POST ${target} HTTP/1.1\r\nhost: x?y`],
    ['a URL as target', `POST http://x${target} HTTP/1.1\r\nhost: x`],
    ['TRACE', `TRACE ${target} HTTP/1.1\r\nhost: x`],
    ['another protocol', `POST ${target} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket`],
    ['an expectation', `POST ${target} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue`],
    ['more than a hundred headers', `POST ${target} HTTP/1.1\r\nhost: x${'\r\na: b'.repeat(100)}`],
  ])('refuses %s without asking the gateway', async (_what, head) => {
    let asked = 0;
    const port = await start(() => {
      asked++;
      return Promise.resolve(new Response('ok'));
    });
    const client = await openRaw(port);
    client.send(`${head}\r\ncontent-length: 0\r\n\r\n`);
    const all = await client.closed;
    // Fastify and Node have some answers of their own.
    expect(all).toMatch(/HTTP\/1\.1 4\d\d /);
    expect(asked).toBe(0);
  });

  it('refuses a request that comes before the answer to the one before it', async () => {
    let asked = 0;
    const port = await start(() => {
      asked++;
      return Promise.resolve(new Response('ok'));
    });
    const one = `POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n`;
    const client = await openRaw(port);
    client.send(one + one + one);
    expect(await client.answer()).toMatchObject({ status: 200, body: 'ok' });
    expect(await client.answer()).toMatchObject({ status: 400 });
    await client.closed;
    expect(asked).toBe(1);
  });
});

describe('what is not below the path of a gateway', () => {
  it.each(hosts.filter(([name]) => name !== 'node:http'))('is left to the app by %s', async (_name, serve) => {
    const host = await serve(stubGateway(() => Promise.resolve(new Response('ok'))));
    for (const path of ['/', '/api', '/api/alicloudy', '/other/api/alicloud/x', '/API/alicloudx']) {
      expect(await sendRaw(host.port, `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatchObject({
        status: 418,
        body: 'the app',
      });
    }
    await host.close();
  });
});

describe('a body parser in front of a gateway', () => {
  it('is told of, as the body is gone', async () => {
    const app = express();
    app.use(express.json());
    app.use(createNodeHandler(stubGateway(() => Promise.resolve(new Response('ok')))));
    const host = await listening(createServer(app as RequestListener));
    const post = (type: string): Promise<{ status: number; body: string }> =>
      sendRaw(host.port, `POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 2\r\n\r\n{}`);
    const { body } = await post('application/json');
    expect(JSON.parse(body)).toEqual({
      Code: 'Gateway.InternalError',
      Message: 'The body was read before it came to the gateway: the gateway has to stand in front of body parsers',
    });
    // One that it does not know it leaves alone.
    expect(await post('application/vnd.rx-alicloud.call')).toMatchObject({ status: 200, body: 'ok' });
    await host.close();
  });

  it('of Fastify does not stand in the way, whatever it is for', async () => {
    const app = fastify();
    app.addContentTypeParser('application/vnd.rx-alicloud.call', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    await app.register(createFastifyPlugin(stubGateway(async (request) => new Response(await request.text()))));
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    for (const type of ['application/json', 'application/vnd.rx-alicloud.call', 'text/plain']) {
      const head = `POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 5\r\n\r\n`;
      expect(await sendRaw(port, `${head}hello`)).toMatchObject({ status: 200, body: 'hello' });
    }
    await app.close();
  });
});

describe('the options of a handler', () => {
  const gateway = stubGateway(() => Promise.resolve(new Response()));

  it.each<[options: object, message: string]>([
    [{ drainTimeout: -1 }, 'Expected `drainTimeout` to be milliseconds from 0 to 2147483647, got -1'],
    [{ lingerTimeout: 'long' }, 'Expected `lingerTimeout` to be milliseconds from 0 to 2147483647, got a string'],
    [{ linger: 1 }, 'Expected `linger` to be absent, as there is no such option'],
  ])('are refused where they can’t work: %j', (options, message) => {
    for (const create of [createNodeHandler, createFastifyPlugin]) {
      expect(() => create(gateway, options)).toThrow(ConfigurationError);
      expect(() => create(gateway, options)).toThrow(message);
    }
  });

  it('are beside a gateway', () => {
    expect(() => createNodeHandler({} as Gateway)).toThrow(
      'Expected `gateway` to be a Gateway, as `createGateway` makes it',
    );
  });
});

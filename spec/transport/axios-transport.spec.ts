import axios from 'axios';
import { once } from 'node:events';
import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { NetworkError } from '../../lib/errors.js';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import type { Transport } from '../../lib/transport/transport.js';
import { failure, Loopback, send } from './support.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let loopback: Loopback;
let transport: Transport;
let url: string;

async function begin(answer?: Answer): Promise<void> {
  loopback = new Loopback(answer);
  url = await loopback.listen();
  transport = axiosTransport();
}

afterEach(async () => {
  transport.closeIdle?.();
  await loopback.close();
});

describe('what goes over the wire', () => {
  beforeEach(() => begin());

  const given = {
    'x-acs-action': 'DescribeZones',
    'user-agent': 'me',
    accept: 'application/json',
    authorization: 'A é',
  };

  it('is the headers as given, and those that HTTP needs', async () => {
    const headers = { ...given, 'content-type': 'application/json; charset=utf-8' };
    await send(transport, { url: `${url}/`, headers, body: '{"é":1}' });
    const { host } = new URL(url);
    expect(loopback.seen[0]?.headers).toEqual({
      ...headers,
      'content-length': '8',
      'accept-encoding': expect.stringContaining('gzip') as string,
      host,
      connection: 'keep-alive',
    });
  });

  it('has no content type, no user agent and no accept where none is given', async () => {
    await send(transport, { url: `${url}/`, body: 'a=b' });
    await send(transport, { url: `${url}/` });
    await send(transport, { url: `${url}/`, method: 'GET' });
    const names = loopback.seen.map(({ headers }) => Object.keys(headers).sort());
    const least = ['accept-encoding', 'connection', 'host'];
    expect(names).toEqual([[...least, 'content-length'].sort(), [...least, 'content-length'].sort(), least]);
  });

  it('is the path and the query as given', async () => {
    const path = `/a%2Fb/c%20d/..%2F/~%2A%27()/%E6%9D%AD?A=%2B%20%26&B=&Tag.1.Key=%7B%22%7D%27`;
    await send(transport, { url: `${url}${path}` });
    expect(loopback.seen[0]?.url).toBe(path);
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is the method as given: %s', async (method) => {
    expect((await send(transport, { url, method })).body).toBe('{}');
    expect(loopback.seen[0]?.method).toBe(method);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is the body as given, with %s', async (method) => {
    for (const body of ['{"a":1}', 'a=%20&b', 'é😀', ' ', '"text"', 'null']) {
      await send(transport, { url, method, body, headers: { 'content-type': 'text/plain' } });
      expect(loopback.seen.pop()).toMatchObject({
        body: Buffer.from(body),
        headers: { 'content-type': 'text/plain', 'content-length': String(Buffer.byteLength(body)) },
      });
    }
  });

  it('is an empty body as given', async () => {
    await send(transport, { url, body: '', headers: { 'content-type': 'text/plain' } });
    expect(loopback.seen[0]).toMatchObject({
      body: Buffer.alloc(0),
      headers: { 'content-type': 'text/plain', 'content-length': '0' },
    });
  });

  it('is a body of bytes as given, be it a part of a larger buffer', async () => {
    const bytes = new Uint8Array([9, 0, 255, 10, 9]).subarray(1, 4);
    await send(transport, { url, body: bytes });
    expect(loopback.seen[0]).toMatchObject({ body: Buffer.from([0, 255, 10]), headers: { 'content-length': '3' } });
  });

  it.each(['GET', 'HEAD'])('is no body with %s', async (method) => {
    await send(transport, { url, method, body: '{"a":1}' });
    expect(loopback.seen[0]).toMatchObject({ method, body: Buffer.alloc(0) });
    expect(loopback.seen[0]?.headers).not.toHaveProperty('content-length');
  });

  it('is nothing before a subscription, and one request for each', async () => {
    const request$ = transport.send({ method: 'POST', url, headers: {} });
    await send(transport, { url: `${url}/other` });
    expect(loopback.seen).toHaveLength(1);
    await Promise.all([send({ send: () => request$ }, { url }), send({ send: () => request$ }, { url })]);
    expect(loopback.seen).toHaveLength(3);
  });
});

describe('what comes back', () => {
  it.each([200, 204, 302, 400, 404, 500, 503])('is any answer, whatever its status: %d', async (status) => {
    await begin((_request, response) => {
      response.writeHead(status, { Location: '/elsewhere', 'X-Acs-Request-Id': 'r', 'Set-Cookie': ['a=1', 'b=2'] });
      response.end(status === 204 ? undefined : '{"é":1}');
    });
    expect(await send(transport, { url })).toEqual({
      status,
      headers: expect.objectContaining({
        location: '/elsewhere',
        'x-acs-request-id': 'r',
        'set-cookie': 'a=1,b=2',
      }) as object,
      body: status === 204 ? '' : '{"é":1}',
    });
    // A redirect is not followed.
    expect(loopback.seen).toHaveLength(1);
  });

  it.each(['{"a":1}', '"text"', '123', 'true', '', ' ', '<p>', '{"id":9007199254740993}'])(
    'is text as it came: %j',
    async (body) => {
      await begin((_request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(body);
      });
      expect((await send(transport, { url })).body).toBe(body);
    },
  );

  it('is text that came in pieces, cut within a character', async () => {
    const bytes = Buffer.from('"杭州😀"');
    await begin((_request, response) => {
      const next = (index: number): void => {
        if (index === bytes.length) response.end();
        else response.write(bytes.subarray(index, index + 1), () => setImmediate(next, index + 1));
      };
      next(0);
    });
    expect((await send(transport, { url })).body).toBe('"杭州😀"');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is decoded: %s', async (encoding, compress) => {
    await begin((_request, response) => {
      response.setHeader('content-encoding', encoding);
      response.end(compress('{"é":1}'));
    });
    expect((await send(transport, { url })).body).toBe('{"é":1}');
  });
});

describe('connections', () => {
  it('are kept alive, and used again', async () => {
    await begin();
    for (let i = 0; i < 5; i++) await send(transport, { url, body: 'b' });
    expect([loopback.seen.length, loopback.accepted]).toEqual([5, 1]);
  });

  it('are as many as the requests at a time', async () => {
    await begin();
    for (let i = 0; i < 3; i++) await Promise.all([1, 2, 3, 4].map(() => send(transport, { url })));
    expect(loopback.accepted).toBe(4);
  });

  it('are not shared by transports', async () => {
    await begin();
    const other = axiosTransport();
    await send(transport, { url });
    await send(other, { url });
    expect(loopback.accepted).toBe(2);
    other.closeIdle?.();
  });

  it('are closed by closeIdle where no request uses them, and no others', async () => {
    let finish: (() => void) | undefined;
    await begin((request, response) => {
      if (request.url === '/slow') finish = () => response.end('late');
      else response.end('{}');
    });
    const slow = send(transport, { url: `${url}/slow` });
    await Promise.all([send(transport, { url }), send(transport, { url })]);
    expect(loopback.sockets.size).toBe(3);

    const [busy] = loopback.sockets;
    const closings = [...loopback.sockets].filter((socket) => socket !== busy).map((socket) => once(socket, 'close'));
    transport.closeIdle?.();
    await Promise.all(closings);
    expect([...loopback.sockets]).toEqual([busy]);
    finish?.();
    expect((await slow).body).toBe('late');

    await send(transport, { url });
    transport.closeIdle?.();
    await loopback.allClosed();
    expect(loopback.sockets.size).toBe(0);
  });
});

describe('unsubscribing', () => {
  it('closes the connection of a request that waits for its answer', async () => {
    let arrived: (() => void) | undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    await begin(() => arrived?.());
    const log: string[] = [];
    const subscription = transport.send({ method: 'POST', url, headers: {} }).subscribe({
      next: () => log.push('next'),
      error: () => log.push('error'),
      complete: () => log.push('complete'),
    });
    await arrival;
    subscription.unsubscribe();
    await loopback.allClosed();
    expect(log).toEqual([]);
  });

  it('closes the connection of a request whose answer is coming', async () => {
    await begin((_request, response) => void response.write('{"a":'));
    const subscription = transport.send({ method: 'POST', url, headers: {} }).subscribe();
    while (loopback.seen.length === 0) await new Promise(setImmediate);
    subscription.unsubscribe();
    await loopback.allClosed();
  });

  it('at once opens no connection, or closes it', async () => {
    await begin();
    transport.send({ method: 'POST', url, headers: {} }).subscribe().unsubscribe();
    await send(transport, { url });
    expect(loopback.seen).toHaveLength(1);
  });

  it('after the answer leaves the connection to others', async () => {
    await begin();
    const answered = new Promise<void>((resolve) => {
      const subscription = transport.send({ method: 'POST', url, headers: {} }).subscribe({ complete: resolve });
      subscription.add(() => undefined);
    });
    await answered;
    await send(transport, { url });
    expect(loopback.accepted).toBe(1);
  });
});

describe('a network error', () => {
  const secrets = { authorization: 'ACS3 hunter2', 'x-acs-security-token': 'hunter2' };

  function everythingOf(error: Error): string {
    return inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + error.stack;
  }

  async function expectFailure(
    systemCode: string | undefined,
    message: (origin: string) => string,
    target = url,
  ): Promise<void> {
    const { origin } = new URL(target);
    const error = await failure(transport, {
      url: `${target}/?Signature=hunter2`,
      headers: secrets,
      body: 'Password=hunter2',
    });
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ code: 'SDK.NetworkError', origin, systemCode, message: message(origin) });
    expect(everythingOf(error)).not.toContain('hunter2');
  }

  const closed = (origin: string): string =>
    `${origin} closed the connection before the whole answer had come (ECONNRESET)`;

  it('says that nothing listens', async () => {
    await begin();
    await loopback.close();
    await expectFailure(
      'ECONNREFUSED',
      (origin) => `${origin} refused the connection (ECONNREFUSED): nothing listens there`,
    );
  });

  it('says that the host is not known', async () => {
    await begin();
    const error = await failure(transport, { url: 'http://ecs.cn-nowhere.invalid/', headers: secrets });
    expect(error).toMatchObject({ code: 'SDK.NetworkError', origin: 'http://ecs.cn-nowhere.invalid' });
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(error.systemCode);
    expect(error.message).toBe(
      `The host ecs.cn-nowhere.invalid was not found (${error.systemCode}): check the region id or the endpoint`,
    );
    expect(everythingOf(error)).not.toContain('hunter2');
  });

  it.each<[what: string, answer: Answer]>([
    ['before the answer', (request) => request.socket.destroy()],
    ['by a reset', (request) => request.socket.resetAndDestroy()],
    [
      'after the headers',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.flushHeaders();
        setImmediate(() => response.destroy());
      },
    ],
    [
      'in the middle of the body',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('12345', () => setImmediate(() => response.destroy()));
      },
    ],
    [
      'in the middle of a chunked body',
      (_request, response) => {
        response.write('12345', () => setImmediate(() => response.destroy()));
      },
    ],
    [
      'in the middle of the body, by a reset',
      (request, response) => {
        response.write('12345', () => setImmediate(() => request.socket.resetAndDestroy()));
      },
    ],
    [
      'before the length that was declared',
      (request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('12345', () => request.socket.end());
      },
    ],
    [
      'in the middle of a compressed body',
      (_request, response) => {
        const bytes = gzipSync('x'.repeat(1000));
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(bytes.length) });
        response.write(bytes.subarray(0, 15), () => setImmediate(() => response.destroy()));
      },
    ],
  ])('says that the connection was closed %s', async (_what, answer) => {
    await begin(answer);
    await expectFailure('ECONNRESET', closed);
    await loopback.allClosed();
  });

  it('says what else went wrong', async () => {
    await begin((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end('no gzip at all');
    });
    await expectFailure(
      'Z_DATA_ERROR',
      (origin) => `The request to ${origin} failed: incorrect header check (Z_DATA_ERROR)`,
    );
  });

  it('has what lies beneath for its cause', async () => {
    await begin();
    await loopback.close();
    const error = await failure(transport, { url });
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
    expect(axios.isAxiosError(error.cause)).toBe(false);
  });
});

describe("an axios instance of the user's own", () => {
  async function own(
    defaults?: Parameters<typeof axios.create>[0],
    answer?: Answer,
  ): Promise<ReturnType<typeof axios.create>> {
    await begin(answer);
    const instance = axios.create(defaults);
    transport = axiosTransport(instance);
    return instance;
  }

  it('has its interceptors run', async () => {
    const instance = await own();
    const log: string[] = [];
    instance.interceptors.request.use((config) => {
      log.push(`to ${config.url}`);
      config.headers.set('x-trace', 't');
      return config;
    });
    instance.interceptors.response.use((response) => {
      log.push(`from ${response.status}`);
      return response;
    });
    await send(transport, { url: `${url}/a` });
    expect(log).toEqual([`to ${url}/a`, 'from 200']);
    expect(loopback.seen[0]?.headers).toMatchObject({ 'x-trace': 't' });
  });

  it('keeps text as it is, and redirects and errors as answers, whatever its defaults', async () => {
    const defaults = { responseType: 'json', maxRedirects: 5, timeout: 1, baseURL: 'http://localhost:1' } as const;
    const instance = await own(defaults, (_request, response) => {
      response.writeHead(302, { location: '/', 'content-type': 'application/json' });
      response.end('{"id":9007199254740993}');
    });
    let timeout: number | undefined;
    instance.interceptors.request.use((config) => {
      timeout = config.timeout;
      return config;
    });
    expect(await send(transport, { url, body: '"b"' })).toMatchObject({ status: 302, body: '{"id":9007199254740993}' });
    expect(loopback.seen[0]?.body.toString()).toBe('"b"');
    expect(timeout).toBe(0);
  });

  it('adds its headers, and no content type or user agent', async () => {
    await own({ headers: { common: { 'x-mine': 'm' } } });
    await send(transport, { url, body: 'b' });
    const names = Object.keys(loopback.seen[0]?.headers ?? {});
    expect(names).toContain('x-mine');
    expect(names).not.toContain('content-type');
    expect(names).not.toContain('user-agent');
  });

  it('keeps connections alive, and closes them with closeIdle', async () => {
    await own();
    for (let i = 0; i < 3; i++) await send(transport, { url });
    expect(loopback.accepted).toBe(1);
    transport.closeIdle?.();
    await loopback.allClosed();
  });

  it('keeps a proxy of its own', async () => {
    await begin();
    const { hostname, port } = new URL(url);
    transport = axiosTransport(axios.create({ proxy: { protocol: 'http', host: hostname, port: Number(port) } }));
    await send(transport, { url: 'http://ecs.cn-nowhere.invalid/a' });
    expect(loopback.seen[0]).toMatchObject({ url: 'http://ecs.cn-nowhere.invalid/a' });
  });

  it('keeps agents of its own, and closes none of their connections', async () => {
    const httpAgent = new Agent({ keepAlive: true });
    await own({ httpAgent });
    await send(transport, { url });
    transport.closeIdle?.();
    await send(transport, { url });
    expect(loopback.accepted).toBe(1);
    httpAgent.destroy();
    await loopback.allClosed();
  });

  it('may refuse a request', async () => {
    const instance = await own();
    instance.interceptors.request.use(() => {
      throw new Error('not today');
    });
    const error = await failure(transport, { url });
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toBe(`The request to ${url} failed: not today`);
    expect(loopback.seen).toEqual([]);
  });

  it.each<[what: string, intercept: (response: { data: unknown }) => unknown]>([
    ['nothing', () => undefined],
    ['the body alone', ({ data }) => data],
    ['a body that was parsed', (response) => ({ ...response, data: { parsed: true } })],
  ])('whose interceptor hands on %s gets a typed error', async (_what, intercept) => {
    const instance = await own();
    instance.interceptors.response.use(intercept as never);
    const error = await failure(transport, { url });
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(
        /^Expected `axios` to be an instance whose interceptors hand on the response, its data a text, got /,
      ) as string,
    });
  });
});

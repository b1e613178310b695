/** What our own way in Node has to get right by itself. */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { ConfigurationError } from '../../lib/errors.js';
import { failure, send, Setting } from './support.js';

const at = new Setting();

afterEach(() => at.end());

describe('a request that is none', () => {
  it.each<[string, (url: string) => Parameters<typeof failure>[1]]>([
    ['a header in two lines', (url) => ({ url, headers: { 'x-a': 'hunter2\r\nx-b: c' } })],
    ['a header beyond Latin-1', (url) => ({ url, headers: { 'x-a': 'hunter2 杭州' } })],
    ['a name in two lines', (url) => ({ url, headers: { 'x-a: b\r\nx-c': 'hunter2' } })],
    ['a header that would frame it otherwise', (url) => ({ url, headers: { 'transfer-encoding': 'chunked' } })],
    ['a path in two lines', (url) => ({ url: `${url}/hunter2 HTTP/1.1\r\nx-a: b\r\n` })],
    ['a path with a space', (url) => ({ url: `${url}/hunter2 b` })],
    ['a method in two lines', (url) => ({ url, method: 'GET /hunter2 HTTP/1.1\r\nx-a: b\r\n\r\nGET' })],
  ])('is not sent: %s', async (_what, request) => {
    await at.begin();
    const error = await failure(at.transport, request(at.url));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/^Expected `request` to be a method, a path and headers that HTTP allows, got /);
    expect(JSON.stringify(error) + error.stack).not.toContain('hunter2');
    expect(at.loopback.seen).toEqual([]);
  });

  it.each([
    '',
    '/a',
    'ecs.example/a',
    'ftp://ecs.example/',
    'http://',
    'http://me:hunter2@ecs.example/',
    'http://a b/',
    'http://127.0.0.1:99999/',
  ])('is not sent: to %j', async (url) => {
    const error = await failure(at.transport, { url });
    expect(error).toMatchObject({
      code: 'SDK.InvalidConfiguration',
      message: 'Expected `url` to be an absolute HTTP or HTTPS URL without a user or a password, got another text',
    });
    expect(JSON.stringify(error) + error.stack).not.toContain('hunter2');
  });

  it('leaves the transport as good as new', async () => {
    await at.begin();
    await failure(at.transport, { url: at.url, headers: { 'x-a': '\n' } });
    expect((await send(at.transport, { url: at.url })).body).toBe('{}');
  });
});

describe('what is sent', () => {
  it('has no fragment in it', async () => {
    await at.begin();
    await send(at.transport, { url: `${at.url}/a?b=c#d` });
    await send(at.transport, { url: `${at.url}?b=c#d/e` });
    expect(at.loopback.seen.map(({ url }) => url)).toEqual(['/a?b=c', '/?b=c']);
  });

  it('asks for the encoding that the request says', async () => {
    await at.begin();
    await send(at.transport, { url: at.url, headers: { 'accept-encoding': 'identity' } });
    await send(at.transport, { url: at.url });
    expect(at.loopback.seen.map(({ headers }) => headers['accept-encoding'])).toEqual(['identity', 'gzip, br']);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'leaves the connection open: %s',
    async (method) => {
      await at.begin();
      for (let i = 0; i < 3; i++) await send(at.transport, { url: at.url, method, body: 'b' });
      // A server may say more than it should behind a HEAD.
      expect(at.loopback.accepted).toBe(method === 'HEAD' ? 3 : 1);
    },
  );

  it.each([65_535, 65_536, 65_537, 200_000])('is a body of %d bytes, text or not', async (length) => {
    await at.begin();
    const text = 'é'.repeat(length / 2) + 'x'.repeat(length % 2);
    await send(at.transport, { url: at.url, body: text });
    await send(at.transport, { url: at.url, body: Buffer.from(text) });
    expect(at.loopback.seen.map(({ body }) => body.equals(Buffer.from(text)))).toEqual([true, true]);
    expect(at.loopback.seen.map(({ headers }) => headers['content-length'])).toEqual([`${length}`, `${length}`]);
  });
});

describe('what comes back', () => {
  it('has no mark at its beginning', async () => {
    await at.begin((_request, response) => response.end('\ufeff{"a":"\ufeff"}'));
    expect((await send(at.transport, { url: at.url })).body).toBe('{"a":"\ufeff"}');
  });

  const text = '{"é":1}';
  const long = text.repeat(20_000);
  describe.each<[encoding: string, how: string, bytes: Buffer, read: string]>([
    ['deflate', 'with its wrapper', deflateSync(text), text],
    ['deflate', 'without its wrapper', deflateRawSync(text), text],
    ['Deflate', 'without its wrapper, a long one', deflateRawSync(long), long],
    ['x-gzip', 'by its old name', gzipSync(text), text],
    ['gzip, br', 'one over the other', brotliCompressSync(gzipSync(text)), text],
    ['br,gzip', 'one over the other, a long one', gzipSync(brotliCompressSync(long)), long],
    ['deflate , identity,gzip', 'with one that is none', gzipSync(deflateRawSync(text)), text],
    ['gzip, gzip', 'twice', gzipSync(gzipSync(text)), text],
    ['identity', 'as it is', Buffer.from(text), text],
    ['x-unknown', 'as it is', Buffer.from(text), text],
    ['gzip, x-unknown', 'as it is', Buffer.from(text), text],
    ['gzip', 'where there is nothing', Buffer.alloc(0), ''],
    ['br', 'where there is nothing', Buffer.alloc(0), ''],
    ['deflate', 'where there is nothing', Buffer.alloc(0), ''],
    ['br, gzip', 'where there is nothing', Buffer.alloc(0), ''],
    ['br, gzip', 'where there is nothing within', gzipSync(''), ''],
  ])('is read, encoded with %s: %s', (encoding, _how, bytes, read) => {
    it.each([
      ['at once', bytes.length],
      ['byte by byte', 1],
      ['in pieces', 50],
    ])('%s', async (_when, size) => {
      await at.begin((_request, response) => {
        response.setHeader('content-encoding', encoding);
        for (let index = 0; index < Math.min(bytes.length, 400); index += size)
          response.write(bytes.subarray(index, Math.min(index + size, 400)));
        response.end(bytes.subarray(400));
      });
      const { body } = await send(at.transport, { url: at.url });
      expect(body === read).toBe(true);
      const parts$ = at.transport.stream!({ method: 'GET', url: at.url, headers: {} });
      const [, ...pieces] = await lastValueFrom(parts$.pipe(toArray()));
      expect(Buffer.concat(pieces as Uint8Array[]).toString() === read).toBe(true);
    });
  });

  it.each<[encoding: string, bytes: Buffer]>([
    ['gzip', gzipSync(long).subarray(0, 100)],
    ['br', brotliCompressSync(long).subarray(0, 10)],
    ['deflate', deflateRawSync(long).subarray(0, 100)],
    ['gzip, br', brotliCompressSync(gzipSync(long).subarray(0, 100))],
    ['br, gzip', gzipSync(long)],
    ['gzip', Buffer.from('{}')],
  ])('is an error where it is not what it says, or cut: %s', async (encoding, bytes) => {
    await at.begin((_request, response) => {
      response.setHeader('content-encoding', encoding);
      response.end(bytes);
    });
    await expect(send(at.transport, { url: at.url })).rejects.toMatchObject({ code: 'SDK.NetworkError' });
    const parts$ = at.transport.stream!({ method: 'GET', url: at.url, headers: {} });
    await expect(lastValueFrom(parts$)).rejects.toMatchObject({ code: 'SDK.NetworkError' });
  });

  it('is let go of, whatever it is encoded with, when nobody reads it any more', async () => {
    for (const first of [Buffer.alloc(0), gzipSync(deflateRawSync(long)).subarray(0, 50)]) {
      await at.begin((_request, response) => {
        response.setHeader('content-encoding', 'deflate, gzip');
        response.flushHeaders();
        response.write(first);
      });
      expect(await firstValueFrom(at.transport.stream!({ method: 'GET', url: at.url, headers: {} }))).toMatchObject({
        status: 200,
      });
      await at.loopback.allClosed();
      await at.end();
    }
  });

  it('is no longer than allowed on any level of its encodings', async () => {
    const bytes = gzipSync(gzipSync(Buffer.alloc(1_000_000)));
    await at.begin((_request, response) => {
      response.setHeader('content-encoding', 'gzip, gzip');
      response.end(bytes);
    });
    const error = await failure(at.transport, { url: at.url, maxResponseSize: 1000 });
    expect(error).toMatchObject({ code: 'SDK.ResponseTooLarge' });
  });

  it.each([
    [204, {}],
    [304, {}],
    [200, { 'content-length': '0' }],
  ])('may be nothing, whatever it is encoded with: status %d', async (status, headers) => {
    await at.begin((_request, response) => {
      response.writeHead(status, { 'content-encoding': 'gzip', ...headers });
      response.end();
    });
    expect(await send(at.transport, { url: at.url })).toMatchObject({ status, body: '' });
    const parts$ = at.transport.stream!({ method: 'GET', url: at.url, headers: {} });
    expect(await lastValueFrom(parts$.pipe(toArray()))).toMatchObject([{ status }]);
  });

  it('may be announced', async () => {
    await at.begin((_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' }, () => response.end('{}'));
    });
    const response = await send(at.transport, { url: at.url, readTimeout: 1000 });
    expect(response).toMatchObject({ status: 200, body: '{}' });
    expect(response.headers).not.toHaveProperty('link');
    const head = await firstValueFrom(at.transport.stream!({ method: 'GET', url: at.url, headers: {} }));
    expect(head).toMatchObject({ status: 200 });
  });

  it('has headers of any name, each value in it', async () => {
    await at.begin((_request, response) => {
      response.writeHead(200, { constructor: 'a', Twice: ['b', 'c'], 'x-latin': 'é' });
      response.end();
    });
    const { headers } = await send(at.transport, { url: at.url });
    expect(headers).toMatchObject({ constructor: 'a', twice: 'b, c', 'x-latin': 'é' });
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['a head without an end', `HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(100_000)}`],
  ])('is a network error where it is %s', async (_what, bytes) => {
    await at.begin((request) => {
      request.socket.end(bytes);
    });
    const error = await failure(at.transport, { url: at.url });
    expect(error).toMatchObject({ code: 'SDK.NetworkError', origin: at.url });
    expect(error.message).not.toContain('xxx');
    await at.loopback.allClosed();
  });

  it('is not taken from what a server says unasked', async () => {
    await at.begin();
    await send(at.transport, { url: at.url });
    const [socket] = at.loopback.sockets;
    socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong');
    await at.loopback.allClosed();
    expect((await send(at.transport, { url: at.url })).body).toBe('{}');
  });
});

describe('a request that is cancelled while its connection is made', () => {
  // The connection is there, and on its way to who asked for it, for some microtasks.
  it.each([1, 2, 3, 4, 5])('leaves none behind: %d microtasks after', async (microtasks) => {
    await at.begin();
    const accepted = once(at.loopback.events, 'connection');
    const setKeepAlive = jest.spyOn(Socket.prototype, 'setKeepAlive');
    try {
      const cancelled = new Promise<void>((resolve) => {
        // The last that is done to a socket before it is handed over.
        setKeepAlive.mockImplementationOnce(function (this: Socket) {
          void cancel().then(resolve);
          return this;
        });
      });
      const subscription = at.transport.send({ method: 'GET', url: at.url, headers: {} }).subscribe();
      const cancel = async (): Promise<void> => {
        for (let passed = 0; passed < microtasks; passed++) await Promise.resolve();
        subscription.unsubscribe();
      };
      await Promise.all([accepted, cancelled]);
    } finally {
      setKeepAlive.mockRestore();
    }
    await at.loopback.allClosed();
    expect(at.loopback.sockets.size).toBe(0);
  });
});

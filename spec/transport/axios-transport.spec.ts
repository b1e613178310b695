import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { send, Setting, transports } from './support.js';

describe.each(transports)('over %s', (_name, make) => {
  const at = new Setting(make);

  afterEach(() => at.end());

  describe('what goes over the wire', () => {
    beforeEach(() => at.begin());

    const given = {
      'x-acs-action': 'DescribeZones',
      'user-agent': 'me',
      accept: 'application/json',
      authorization: 'A é',
    };

    it('is the headers as given, and those that HTTP needs', async () => {
      const headers = { ...given, 'content-type': 'application/json; charset=utf-8' };
      await send(at.transport, { url: `${at.url}/`, headers, body: '{"é":1}' });
      const { host } = new URL(at.url);
      expect(at.loopback.seen[0]?.headers).toEqual({
        ...headers,
        'content-length': '8',
        'accept-encoding': expect.stringContaining('gzip') as string,
        host,
        connection: 'keep-alive',
      });
    });

    it('has no content type, no user agent and no accept where none is given', async () => {
      await send(at.transport, { url: `${at.url}/`, body: 'a=b' });
      await send(at.transport, { url: `${at.url}/` });
      await send(at.transport, { url: `${at.url}/`, method: 'GET' });
      const names = at.loopback.seen.map(({ headers }) => Object.keys(headers).sort());
      const least = ['accept-encoding', 'connection', 'host'];
      expect(names).toEqual([[...least, 'content-length'].sort(), [...least, 'content-length'].sort(), least]);
    });

    it('is the path and the query as given', async () => {
      const path = `/a%2Fb/c%20d/..%2F/~%2A%27()/%E6%9D%AD?A=%2B%20%26&B=&Tag.1.Key=%7B%22%7D%27`;
      await send(at.transport, { url: `${at.url}${path}` });
      expect(at.loopback.seen[0]?.url).toBe(path);
    });

    it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is the method as given: %s', async (method) => {
      expect((await send(at.transport, { url: at.url, method })).body).toBe('{}');
      expect(at.loopback.seen[0]?.method).toBe(method);
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is the body as given, with %s', async (method) => {
      for (const body of ['{"a":1}', 'a=%20&b', 'é😀', ' ', '"text"', 'null']) {
        await send(at.transport, { url: at.url, method, body, headers: { 'content-type': 'text/plain' } });
        expect(at.loopback.seen.pop()).toMatchObject({
          body: Buffer.from(body),
          headers: { 'content-type': 'text/plain', 'content-length': String(Buffer.byteLength(body)) },
        });
      }
    });

    it('is an empty body as given', async () => {
      await send(at.transport, { url: at.url, body: '', headers: { 'content-type': 'text/plain' } });
      expect(at.loopback.seen[0]).toMatchObject({
        body: Buffer.alloc(0),
        headers: { 'content-type': 'text/plain', 'content-length': '0' },
      });
    });

    it('is a body of bytes as given, be it a part of a larger buffer', async () => {
      const bytes = new Uint8Array([9, 0, 255, 10, 9]).subarray(1, 4);
      await send(at.transport, { url: at.url, body: bytes });
      expect(at.loopback.seen[0]).toMatchObject({
        body: Buffer.from([0, 255, 10]),
        headers: { 'content-length': '3' },
      });
    });

    it.each(['GET', 'HEAD'])('is no body with %s', async (method) => {
      await send(at.transport, { url: at.url, method, body: '{"a":1}' });
      expect(at.loopback.seen[0]).toMatchObject({ method, body: Buffer.alloc(0) });
      expect(at.loopback.seen[0]?.headers).not.toHaveProperty('content-length');
    });

    it('is nothing before a subscription, and one request for each', async () => {
      const request$ = at.transport.send({ method: 'POST', url: at.url, headers: {} });
      await send(at.transport, { url: `${at.url}/other` });
      expect(at.loopback.seen).toHaveLength(1);
      await Promise.all([
        send({ send: () => request$ }, { url: at.url }),
        send({ send: () => request$ }, { url: at.url }),
      ]);
      expect(at.loopback.seen).toHaveLength(3);
    });
  });

  describe('what comes back', () => {
    it.each([200, 204, 302, 400, 404, 500, 503])('is any answer, whatever its status: %d', async (status) => {
      await at.begin((_request, response) => {
        response.writeHead(status, { Location: '/elsewhere', 'X-Acs-Request-Id': 'r', 'Set-Cookie': ['a=1', 'b=2'] });
        response.end(status === 204 ? undefined : '{"é":1}');
      });
      expect(await send(at.transport, { url: at.url })).toEqual({
        status,
        headers: expect.objectContaining({
          location: '/elsewhere',
          'x-acs-request-id': 'r',
          'set-cookie': 'a=1, b=2',
        }) as object,
        body: status === 204 ? '' : '{"é":1}',
      });
      // A redirect is not followed.
      expect(at.loopback.seen).toHaveLength(1);
    });

    it.each(['{"a":1}', '"text"', '123', 'true', '', ' ', '<p>', '{"id":9007199254740993}'])(
      'is text as it came: %j',
      async (body) => {
        await at.begin((_request, response) => {
          response.setHeader('content-type', 'application/json');
          response.end(body);
        });
        expect((await send(at.transport, { url: at.url })).body).toBe(body);
      },
    );

    it('is text that came in pieces, cut within a character', async () => {
      const bytes = Buffer.from('"杭州😀"');
      await at.begin((_request, response) => {
        const next = (index: number): void => {
          if (index === bytes.length) response.end();
          else response.write(bytes.subarray(index, index + 1), () => setImmediate(next, index + 1));
        };
        next(0);
      });
      expect((await send(at.transport, { url: at.url })).body).toBe('"杭州😀"');
    });

    it.each([
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ])('is decoded: %s', async (encoding, compress) => {
      await at.begin((_request, response) => {
        response.setHeader('content-encoding', encoding);
        response.end(compress('{"é":1}'));
      });
      expect((await send(at.transport, { url: at.url })).body).toBe('{"é":1}');
    });
  });
});

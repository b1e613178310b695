/** The gateway's own server: limits to connections, clean answers to what is no HTTP, and an end that leaves nothing. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { Subject, firstValueFrom } from 'rxjs';
import { ConfigurationError } from '../../../lib/errors.js';
import type { Gateway } from '../../../lib/gateway/gateway.js';
import { createGatewayServer, type GatewayServer, type GatewayServerOptions } from '../../../lib/gateway/node/index.js';
import { openRaw, sendRaw, type RawClient } from './raw-client.js';
import { stubGateway } from './stub-gateway.js';

const head = 'POST /api/alicloud/a HTTP/1.1\r\nhost: x\r\n';
const good = `${head}content-length: 0\r\n\r\n`;

let server: GatewayServer;
let asked: number;

async function start(options: GatewayServerOptions = {}, handle?: Gateway['handle']): Promise<number> {
  asked = 0;
  server = createGatewayServer(
    stubGateway(async (request, info) => {
      asked++;
      return handle?.(request, info) ?? new Response(await request.text());
    }),
    { lingerTimeout: 60_000, ...options },
  );
  return (await server.listen()).port;
}

afterEach(() => server.close());

describe('what is no request', () => {
  it.each<[what: string, bytes: string, code?: string]>([
    ['a header over two lines', `${head}x-a: one\r\n two\r\ncontent-length: 0\r\n\r\n`],
    ['one over two lines by a tab', `${head}x-a: one\r\n\ttwo\r\ncontent-length: 0\r\n\r\n`],
    ['a folded line in front of all headers', 'POST /a HTTP/1.1\r\n host: x\r\ncontent-length: 0\r\n\r\n'],
    ['a space before the colon', `${head}content-length : 0\r\n\r\n`],
    ['lines that end in LF alone', good.replaceAll('\r', '')],
    ['one line that ends in LF alone', `${head}x-a: one\nx-b: two\r\ncontent-length: 0\r\n\r\n`],
    ['a CR within a header', `${head}x-a: one\rx-b: two\r\ncontent-length: 0\r\n\r\n`],
    ['NUL in a value', `${head}x-a: b\0c\r\ncontent-length: 0\r\n\r\n`],
    ['NUL in a name', `${head}x\0a: b\r\ncontent-length: 0\r\n\r\n`],
    ['NUL in the target', 'POST /a\0b HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n'],
    ['bytes beyond ASCII in the target', 'POST /\xe4 HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n'],
    ['both lengths', `${head}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['both lengths, the other way round', `${head}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${head}content-length: 0\r\ncontent-length: 5\r\n\r\nhello`],
    ['a length of two numbers', `${head}content-length: 0, 5\r\n\r\nhello`],
    ['a length with a sign', `${head}content-length: +5\r\n\r\nhello`],
    ['an unknown transfer coding', `${head}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['a transfer coding beside chunked', `${head}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['two transfer codings', `${head}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n`],
    ['a transfer coding behind chunked', `${head}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ['chunked twice', `${head}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
    ['a transfer coding with a parameter', `${head}transfer-encoding: chunked;q=1\r\n\r\n0\r\n\r\n`],
    ['a transfer coding behind a vertical tab', `${head}transfer-encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
    ['identity', `${head}transfer-encoding: identity\r\ncontent-length: 0\r\n\r\n`],
    ['a space within a name', `${head}x a: b\r\ncontent-length: 0\r\n\r\n`],
    ['a name with a bracket', `${head}x[a]: b\r\ncontent-length: 0\r\n\r\n`],
    ['a length in hexadecimal', `${head}content-length: 0x5\r\n\r\nhello`],
    ['a length that overflows', `${head}content-length: 18446744073709551617\r\n\r\nh`],
    ...['x:99999', '1.2.3.4.5', '999.1.1.1', '[:::]', 'xn--a', 'x y', 'x\\y', 'x%00', 'x#', ''].map(
      (host): [string, string] => [
        `the host ${JSON.stringify(host)}`,
        `POST /api/alicloud/a HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\n\r\n`,
      ],
    ),
    ['HTTP/0.9', 'GET /a\r\n\r\n'],
    ['HTTP/1.0', good.replace('1.1', '1.0')],
    ['HTTP/1.2', good.replace('1.1', '1.2')],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['no host', 'POST /api/alicloud/a HTTP/1.1\r\ncontent-length: 0\r\n\r\n'],
    ['CONNECT', 'CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a URL as target', 'POST http://x/api/alicloud/a HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n'],
    ['a change of the protocol', `${head}connection: upgrade\r\nupgrade: h2c\r\ncontent-length: 0\r\n\r\n`],
    ['an expectation', `${head}expect: 100-continue\r\ncontent-length: 5\r\n\r\n`],
    ['an expectation that nobody knows', `${head}expect: x\r\ncontent-length: 0\r\n\r\n`],
    ['the greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a head that is too long', `${head}x: ${'a'.repeat(20_000)}\r\n\r\n`, 'Gateway.HeadersTooLarge'],
    ['a target that is too long', `POST /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 'Gateway.HeadersTooLarge'],
    ['too many headers', `${head}${'a: b\r\n'.repeat(100)}\r\n`, 'Gateway.HeadersTooLarge'],
  ])('is refused: %s', async (_what, bytes, code = 'Gateway.InvalidRequest') => {
    const client = await openRaw(await start());
    // Whatever follows is not for a gateway either.
    client.send(bytes + good);
    const answer = await client.answer();
    expect(answer.status).toBe(400);
    expect(answer.headers.get('connection')).toBe('close');
    expect(JSON.parse(answer.body)).toEqual({
      Code: code,
      Message: expect.stringMatching(/^(Expected|The|There) /) as string,
    });
    client.socket.end();
    await client.closed;
    expect(asked).toBe(0);
  });

  it('is no body of many small chunks, with extensions that nobody knows', async () => {
    let seen = '';
    const port = await start({}, async (request) => new Response((seen = await request.text())));
    const answer = await sendRaw(
      port,
      `${head}transfer-encoding: chunked\r\n\r\n${'1;a=b\r\nx\r\n'.repeat(1000)}0\r\n\r\n`,
    );
    expect([answer.status, seen]).toEqual([200, 'x'.repeat(1000)]);
  });

  it.each([
    ['that overflows', '10000000000000001\r\nh'],
    ['of a negative length', '-1\r\nh'],
    ['longer than it says', '1\r\nhello'],
    ['with LF in its extension', '1;a\nb\r\nh'],
    ['with an extension that is too long', `1;${'a'.repeat(20_000)}\r\nh`],
    ['behind a space', ' 1\r\nh'],
  ])('is refused: a chunk %s', async (_what, chunk) => {
    let read = '';
    const port = await start({}, async (request) => new Response((read = await request.text())));
    const client = await openRaw(port);
    client.send(`${head}transfer-encoding: chunked\r\n\r\n${chunk}\r\n0\r\n\r\n${good}`);
    expect(await client.answer()).toMatchObject({ status: 400 });
    client.close();
    await client.closed;
    // Neither what is hidden behind it is a request, nor what came of the body a whole one.
    expect([asked, read]).toEqual([1, '']);
  });

  it('is refused within a body', async () => {
    const client = await openRaw(await start());
    client.send(`${head}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`);
    client.send(`3\r\nabcdef\r\n0\r\n\r\n${good}`);
    expect(await client.answer()).toMatchObject({ status: 400 });
    client.close();
    await client.closed;
    expect(asked).toBe(1);
  });

  it('is no trailer: what a body ends with is no header of the request', async () => {
    let headers: [string, string][] = [];
    const port = await start({}, async (request) => {
      await request.text();
      headers = [...request.headers];
      return new Response('ok');
    });
    await sendRaw(port, `${head}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-a: b\r\nhost: y\r\n\r\n`);
    expect(headers).toEqual([
      ['host', 'x'],
      ['transfer-encoding', 'chunked'],
    ]);
  });
});

describe('limits', () => {
  it('refuse a head that takes too long', async () => {
    const client = await openRaw(await start({ headersTimeout: 1 }));
    client.send(head);
    const answer = await client.answer();
    expect(JSON.parse(answer.body)).toMatchObject({ Code: 'Gateway.RequestTimeout' });
    client.close();
    expect(asked).toBe(0);
  });

  it('refuse a request that takes too long, whoever waits for its body', async () => {
    const client = await openRaw(await start({ headersTimeout: 50, requestTimeout: 50 }));
    client.send(`${head}content-length: 5\r\n\r\nhel`);
    expect(JSON.parse((await client.answer()).body)).toMatchObject({ Code: 'Gateway.RequestTimeout' });
    client.close();
  });

  it('close a connection without requests', async () => {
    const client = await openRaw(await start({ keepAliveTimeout: 1 }));
    client.send(good);
    await client.answer();
    await client.closed;
  });

  it('close a connection after so many requests', async () => {
    const client = await openRaw(await start({ maxRequestsPerConnection: 2 }));
    client.send(good);
    expect((await client.answer()).headers.get('connection')).toBe('keep-alive');
    client.send(good);
    expect((await client.answer()).headers.get('connection')).toBe('close');
    client.send(good);
    expect(await client.answer()).toMatchObject({ status: 503 });
    expect(asked).toBe(2);
    client.close();
  });

  it('close connections beyond so many, and let others in when one has gone', async () => {
    const port = await start({ maxConnections: 2 });
    const clients = [await openRaw(port), await openRaw(port)];
    for (const client of clients) {
      client.send(good);
      await client.answer();
    }
    expect(await (await openRaw(port)).closed).toBe('');
    clients[0]?.close();
    await answered(port);
    clients[1]?.close();
  });

  it('close connections beyond so many of one address, while others are let in', async () => {
    const port = await start({ maxConnectionsPerAddress: 2 });
    const clients = [await openRaw(port), await openRaw(port)];
    for (const client of clients) {
      client.send(good);
      await client.answer();
    }
    expect(await (await openRaw(port)).closed).toBe('');
    const other = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    other.write(good);
    expect(String((await once(other, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /);
    other.destroy();
    clients[0]?.close();
    await answered(port);
    clients[1]?.close();
  });

  it('are the server’s own, too: heads as long as they may be', async () => {
    const port = await start({ maxHeaderSize: 40_000 });
    const answer = await sendRaw(port, `${head}x: ${'a'.repeat(30_000)}\r\ncontent-length: 0\r\n\r\n`);
    expect(answer.status).toBe(200);
  });

  it.each<[options: object, message: string]>([
    [{ headersTimeout: 0 }, 'Expected `headersTimeout` to be an integer of milliseconds >= 1, got 0'],
    [{ requestTimeout: 5_000 }, 'Expected `requestTimeout` to be milliseconds >= `headersTimeout`, got 5000'],
    [{ maxConnections: 0 }, 'Expected `maxConnections` to be an integer >= 1, got 0'],
    [{ maxConnectionsPerAddress: 0 }, 'Expected `maxConnectionsPerAddress` to be an integer >= 1, got 0'],
    [{ maxRequestsPerConnection: 1.5 }, 'Expected `maxRequestsPerConnection` to be an integer >= 1, got 1.5'],
    [{ keepAliveTimeout: '1s' }, 'Expected `keepAliveTimeout` to be an integer of milliseconds >= 1, got a string'],
    [{ maxHeaderSize: -1 }, 'Expected `maxHeaderSize` to be an integer >= 1, got -1'],
    [{ closeTimeout: -1 }, 'Expected `closeTimeout` to be milliseconds'],
    [{ lingerTimeout: -1 }, 'Expected `lingerTimeout` to be milliseconds'],
    [{ tls: 'yes' }, 'Expected `tls` to be a plain object, got a string'],
    [{ maxSockets: 1 }, 'Expected `maxSockets` to be absent, as there is no such option'],
  ])('are refused where they can’t work: %j', (options, message) => {
    const gateway = stubGateway(() => Promise.resolve(new Response()));
    expect(() => createGatewayServer(gateway, options)).toThrow(ConfigurationError);
    expect(() => createGatewayServer(gateway, options)).toThrow(message);
  });
});

/** Until the server has noticed that a connection is closed, it refuses another. */
async function answered(port: number): Promise<void> {
  for (;;) {
    const client = await openRaw(port);
    client.send(good);
    const status = await client.answer().then(
      (answer) => answer.status,
      () => undefined,
    );
    client.close();
    if (status === 200) return;
  }
}

describe('listening', () => {
  it('is on the loopback interface alone unless it is told otherwise', async () => {
    const port = await start();
    expect(await sendRaw(port, good)).toMatchObject({ status: 200 });
    const other = connect(port, '127.0.0.2');
    expect(await once(other, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });

  it('is refused on a port that is taken or that is none', async () => {
    const port = await start();
    const another = createGatewayServer(stubGateway(() => Promise.resolve(new Response())));
    await expect(another.listen(port)).rejects.toMatchObject({ code: 'SDK.NetworkError' });
    await expect(another.listen(65_536)).rejects.toThrow('Expected `port` to be an integer from 0 to 65535, got 65536');
    expect(await another.listen(0)).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
    });
    await another.close();
  });
});

describe('over TLS', () => {
  const fixture = (name: string): string => readFileSync(join(__dirname, '../../transport/fixtures', name), 'utf8');

  it('answers, says so to the gateway, and closes', async () => {
    let scheme: string | undefined;
    const port = await start({ tls: { key: fixture('server.key'), cert: fixture('server.pem') } }, (request) => {
      scheme = new URL(request.url).protocol;
      return Promise.resolve(new Response('ok'));
    });
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.write(good);
    let received = '';
    while (!received.includes('ok')) received += String((await once(socket, 'data'))[0]);
    expect(scheme).toBe('https:');
    // Plain HTTP goes no further.
    const plain = await openRaw(port);
    plain.send(good);
    await plain.closed;
    expect(asked).toBe(1);
    const idle = await openRaw(port);
    const ended = once(socket, 'close');
    await Promise.all([server.close(), ended, idle.closed]);
    expect(server.openConnections).toBe(0);
  });
});

describe('closing', () => {
  const release = new Subject<void>();
  let came: Promise<void>;

  /** A request under way, whose answer comes with `release`. */
  async function underWay(options: GatewayServerOptions = {}): Promise<RawClient> {
    const coming = new Subject<void>();
    came = firstValueFrom(coming);
    const port = await start(options, async () => {
      coming.next();
      await firstValueFrom(release);
      return new Response('done');
    });
    const client = await openRaw(port);
    client.send(good);
    await came;
    return client;
  }

  it('lets what is under way end, and closes its connection then', async () => {
    const client = await underWay();
    const closed = server.close();
    release.next();
    const answer = await client.answer();
    expect(answer.body).toBe('done');
    expect(await client.closed).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    await closed;
    expect(server.openConnections).toBe(0);
  });

  it('closes idle connections, and those that have sent nothing or half of a head, at once', async () => {
    const port = await start({ closeTimeout: 2 ** 31 - 1 });
    const clients = [await openRaw(port), await openRaw(port), await openRaw(port)];
    clients[0]?.send(good);
    await clients[0]?.answer();
    clients[1]?.send(head);
    await sendRaw(port, good);
    await server.close();
    await Promise.all(clients.map(({ closed }) => closed));
    expect(server.openConnections).toBe(0);
  });

  it('ends what takes too long', async () => {
    const client = await underWay({ closeTimeout: 1 });
    await server.close();
    await client.closed;
    release.next();
  });

  it('can be asked for twice, and before there is anything to close', async () => {
    const client = await underWay();
    const both = [server.close(), server.close()];
    release.next();
    await Promise.all(both);
    await client.closed;
    const never = createGatewayServer(stubGateway(() => Promise.resolve(new Response())));
    await never.close();
  });

  it('takes no more connections, and may listen again', async () => {
    const port = await start();
    await server.close();
    expect(await once(connect(port, '127.0.0.1'), 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
    const again = await server.listen();
    expect(await sendRaw(again.port, good)).toMatchObject({ status: 200 });
  });
});

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { send, Setting, Silent } from './support.js';

const at = new Setting();

afterEach(() => at.end());

describe('connections', () => {
  it('keep no process alive while nothing uses them, nor does any timer', async () => {
    await at.begin();
    const active = (): string[] => process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocket/.test(name));
    const before = active();
    await send(at.transport, { url: at.url, connectTimeout: 5000, readTimeout: 5000 });
    // The server's end would.
    for (const socket of at.loopback.sockets) socket.unref();
    await new Promise(setImmediate);
    expect(at.loopback.sockets.size).toBe(1);
    // Those of the test runner may have ended meanwhile.
    expect(before).toEqual(expect.arrayContaining(active()));
    expect(active().length).toBeLessThanOrEqual(before.length);
  });

  it('are kept alive, and used again', async () => {
    await at.begin();
    for (let i = 0; i < 5; i++) await send(at.transport, { url: at.url, body: 'b' });
    expect([at.loopback.seen.length, at.loopback.accepted]).toEqual([5, 1]);
  });

  it('are as many as the requests at a time', async () => {
    await at.begin();
    for (let i = 0; i < 3; i++) await Promise.all([1, 2, 3, 4].map(() => send(at.transport, { url: at.url })));
    expect(at.loopback.accepted).toBe(4);
  });

  it('are no more where each answer is followed by a request at once', async () => {
    await at.begin();
    const chain = async (length: number): Promise<void> => {
      for (let i = 0; i < length; i++) await send(at.transport, { url: at.url });
    };
    await Promise.all([chain(30), chain(30), chain(30)]);
    expect([at.loopback.seen.length, at.loopback.accepted]).toEqual([90, 3]);
  });

  it('are closed by the server at any time, and then others are made', async () => {
    await at.begin((_request, response) => {
      response.setHeader('connection', 'close');
      response.end('{}');
    });
    for (let i = 0; i < 3; i++) await send(at.transport, { url: at.url });
    expect(at.loopback.accepted).toBe(3);
    await at.loopback.allClosed();
  });

  it('are the ones used last, so that the others become idle', async () => {
    const used: (number | undefined)[] = [];
    await at.begin((request, response) => {
      used.push(request.socket.remotePort);
      response.end('{}');
    });
    await Promise.all([1, 2, 3].map(() => send(at.transport, { url: at.url })));
    const last = used.at(-1);
    for (let i = 0; i < 3; i++) await send(at.transport, { url: at.url });
    expect(used.slice(3)).toEqual([last, last, last]);
  });

  it('are others where the server has closed one that was idle', async () => {
    const used: Socket[] = [];
    await at.begin((request, response) => {
      used.push(request.socket);
      response.end('{}');
    });
    await Promise.all([1, 2].map(() => send(at.transport, { url: at.url })));
    const closed = once(used[1]!, 'close');
    used[1]?.end();
    await closed;
    await new Promise(setImmediate);
    await send(at.transport, { url: at.url });
    expect([used[2] === used[0], at.loopback.accepted]).toEqual([true, 2]);
  });

  const closing: [when: string, close: (request: IncomingMessage, response: ServerResponse) => void][] = [
    ['with its answer', ({ socket }, response) => void [response.end('{}'), socket.end()]],
    ['behind its answer', ({ socket }, response) => response.end('{}', () => socket.end())],
    ['a turn behind its answer', ({ socket }, response) => response.end('{}', () => setImmediate(() => socket.end()))],
    ['by force', ({ socket }, response) => response.end('{}', () => socket.destroy())],
    ['by a reset', ({ socket }, response) => response.end('{}', () => setImmediate(() => socket.resetAndDestroy()))],
  ];

  it.each(closing)('are others where the server closes each without a word %s', async (_when, close) => {
    await at.begin((request, response) => close(request, response));
    for (let i = 0; i < 200; i++) await send(at.transport, { url: at.url, body: 'b' });
    expect([at.loopback.seen.length, at.loopback.accepted]).toEqual([200, 200]);
  });

  it('are others for several at a time, where the server closes each without a word', async () => {
    await at.begin(({ socket }, response) => response.end('{}', () => socket.end()));
    const chain = async (): Promise<void> => {
      for (let i = 0; i < 30; i++) await send(at.transport, { url: at.url, body: 'b' });
    };
    await Promise.all([chain(), chain(), chain()]);
    expect([at.loopback.seen.length, at.loopback.accepted]).toEqual([90, 90]);
  });

  it('are not used again for as long as the server is seen to close them, and are from when it keeps them', async () => {
    let closes = true;
    await at.begin(({ socket }, response) => response.end('{}', () => closes && socket.end()));
    for (let i = 0; i < 5; i++) await send(at.transport, { url: at.url, body: 'b' });
    closes = false;
    for (let i = 0; i < 5; i++) await send(at.transport, { url: at.url, body: 'b' });
    expect(at.loopback.accepted).toBe(6);
    closes = true;
    for (let i = 0; i < 5; i++) await send(at.transport, { url: at.url, body: 'b' });
    expect(at.loopback.seen).toHaveLength(15);
  });

  it('are none where nothing is kept', async () => {
    await at.begin();
    at.transport = axiosTransport({ idleTimeout: 0 });
    for (let i = 0; i < 3; i++) await send(at.transport, { url: at.url });
    expect(at.loopback.accepted).toBe(3);
    await at.loopback.allClosed();
  });

  it('are closed when nothing has used them for the idleTimeout', async () => {
    await at.begin();
    at.transport = axiosTransport({ idleTimeout: 20 });
    await Promise.all([send(at.transport, { url: at.url }), send(at.transport, { url: at.url })]);
    await at.loopback.allClosed();
    expect((await send(at.transport, { url: at.url })).body).toBe('{}');
  });

  it('are not shared by transports', async () => {
    await at.begin();
    const other = axiosTransport();
    await send(at.transport, { url: at.url });
    await send(other, { url: at.url });
    expect(at.loopback.accepted).toBe(2);
    other.closeIdle?.();
  });

  it('are closed by closeIdle where no request uses them, and no others', async () => {
    let finish: (() => void) | undefined;
    await at.begin((request, response) => {
      if (request.url === '/slow') finish = () => response.end('late');
      else response.end('{}');
    });
    const slow = send(at.transport, { url: `${at.url}/slow` });
    await Promise.all([send(at.transport, { url: at.url }), send(at.transport, { url: at.url })]);
    expect(at.loopback.sockets.size).toBe(3);

    const [busy] = at.loopback.sockets;
    const closings = [...at.loopback.sockets]
      .filter((socket) => socket !== busy)
      .map((socket) => once(socket, 'close'));
    at.transport.closeIdle?.();
    await Promise.all(closings);
    expect([...at.loopback.sockets]).toEqual([busy]);
    finish?.();
    expect((await slow).body).toBe('late');

    await send(at.transport, { url: at.url });
    at.transport.closeIdle?.();
    await at.loopback.allClosed();
    expect(at.loopback.sockets.size).toBe(0);
  });
});

describe('unsubscribing', () => {
  it('closes the connection of a request that waits for its answer', async () => {
    let arrived: (() => void) | undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    await at.begin(() => arrived?.());
    const log: string[] = [];
    const subscription = at.transport.send({ method: 'POST', url: at.url, headers: {} }).subscribe({
      next: () => log.push('next'),
      error: () => log.push('error'),
      complete: () => log.push('complete'),
    });
    await arrival;
    subscription.unsubscribe();
    await at.loopback.allClosed();
    expect(log).toEqual([]);
  });

  it('closes the connection of a request whose answer is coming', async () => {
    await at.begin((_request, response) => void response.write('{"a":'));
    const subscription = at.transport.send({ method: 'POST', url: at.url, headers: {} }).subscribe();
    while (at.loopback.seen.length === 0) await new Promise(setImmediate);
    subscription.unsubscribe();
    await at.loopback.allClosed();
  });

  it('at once opens no connection, or closes it', async () => {
    await at.begin();
    at.transport.send({ method: 'POST', url: at.url, headers: {} }).subscribe().unsubscribe();
    await send(at.transport, { url: at.url });
    expect(at.loopback.seen).toHaveLength(1);
  });

  it('before the first connection is made sends nothing, whatever is being loaded', async () => {
    await at.begin();
    for (let i = 0; i < 3; i++) {
      const transport = axiosTransport();
      const subscription = transport.send({ method: 'POST', url: at.url, headers: {} }).subscribe();
      for (let turns = 0; turns < i; turns++) await Promise.resolve();
      subscription.unsubscribe();
    }
    await send(at.transport, { url: at.url });
    expect([at.loopback.seen.length, at.loopback.accepted]).toEqual([1, 1]);
  });

  it('closes a connection that is still being made', async () => {
    // It accepts, and never answers the handshake.
    const silent = new Silent();
    const port = await silent.listen();
    const subscription = at.transport
      .send({ method: 'GET', url: `https://127.0.0.1:${port}/`, headers: {} })
      .subscribe();
    await silent.accepted;
    subscription.unsubscribe();
    await silent.closed();
  });

  it('closes the connection of a request whose body is being sent', async () => {
    const silent = new Silent();
    const port = await silent.listen();
    const body = new Uint8Array(20_000_000);
    const subscription = at.transport
      .send({ method: 'POST', url: `http://127.0.0.1:${port}/`, headers: {}, body })
      .subscribe();
    await silent.accepted;
    subscription.unsubscribe();
    await silent.closed();
  });

  it('after the answer leaves the connection to others', async () => {
    await at.begin();
    const answered = new Promise<void>((resolve) => {
      const subscription = at.transport
        .send({ method: 'POST', url: at.url, headers: {} })
        .subscribe({ complete: resolve });
      subscription.add(() => undefined);
    });
    await answered;
    await send(at.transport, { url: at.url });
    expect(at.loopback.accepted).toBe(1);
  });
});

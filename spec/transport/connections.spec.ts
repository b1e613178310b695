import { once } from 'node:events';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { send, Setting } from './support.js';

const at = new Setting();

afterEach(() => at.end());

describe('connections', () => {
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

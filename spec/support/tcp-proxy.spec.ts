import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { startProxy, type TcpProxy } from './tcp-proxy.js';

describe('a network that fails', () => {
  let server: Server;
  let proxy: TcpProxy;
  let received: string;
  let client: Socket;
  let answers: string;

  beforeEach(async () => {
    received = answers = '';
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        received += String(data);
        socket.write(`<${String(data)}>`);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startProxy({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    client = await join();
  });

  afterEach(async () => {
    client.destroy();
    await proxy.close();
    server.close();
  });

  async function join(): Promise<Socket> {
    const socket = connect({ port: proxy.port, host: '127.0.0.1' });
    socket.on('data', (data) => (answers += String(data)));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise(setImmediate);
  }

  it('lets all through, as long as it does not', async () => {
    client.write('a');
    await until(() => answers === '<a>');
    client.end();
    await until(() => proxy.connections === 0);
  });

  it('breaks what is cut, and takes nothing new until it is healed', async () => {
    proxy.cut();
    await once(client, 'close');
    const refused = await join();
    await once(refused, 'close');
    proxy.heal();
    client = await join();
    client.write('b');
    await until(() => answers === '<b>');
  });

  it.each([
    ['toServer', ''],
    ['toClient', 'c'],
    [undefined, ''],
  ] as const)('lets arrive late what is held %s', async (direction, meanwhile) => {
    proxy.hold(direction);
    client.write('c');
    // Another connection shows that what would have come has come.
    const other = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    other.write('.');
    await once(other, 'data');
    await until(() => received.replace('.', '') === meanwhile);
    other.destroy();
    expect([received.replace('.', ''), answers]).toEqual([meanwhile, '']);
    proxy.heal();
    await until(() => answers === '<c>');
  });

  it('keeps the order of what it delays, and of what comes after', async () => {
    proxy.delay(20);
    client.write('d');
    await until(() => received === 'd');
    // Its answer is on its way for longer than what follows.
    proxy.heal();
    client.write('e');
    await until(() => answers.replaceAll('><', '') === '<de>');
    expect(received).toBe('de');
  });
});

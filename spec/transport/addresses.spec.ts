/** A host with several addresses. */
import dns from 'node:dns';
import type { TlsOptions } from 'node:tls';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { failure, fixture, send, Setting } from './support.js';

const at = new Setting();
let lookup: jest.SpyInstance;

afterEach(async () => {
  lookup.mockRestore();
  await at.end();
});

/** The server listens at 127.0.0.1 alone. */
async function begin(addresses: readonly string[], tls?: TlsOptions): Promise<string> {
  await at.begin(undefined, tls);
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  lookup = jest
    .spyOn(dns, 'lookup')
    .mockImplementation(((_name: string, _options: unknown, callback: (error: null, found: unknown) => void) =>
      callback(null, found)) as never);
  return `http://ecs.example:${at.loopback.port}/`;
}

describe('a host', () => {
  it.each([
    [['127.0.0.1']],
    [['127.0.0.1', '127.0.0.2', '127.0.0.3']],
    [['127.0.0.2', '127.0.0.3', '127.0.0.1']],
    [['::1', '127.0.0.1']],
    [['::1', '::1', '127.0.0.2', '127.0.0.1']],
  ])('is reached at whichever address answers: %j', async (addresses) => {
    const url = await begin(addresses);
    for (let i = 0; i < 3; i++) expect((await send(at.transport, { url, connectTimeout: 5000 })).body).toBe('{}');
    expect(at.loopback.accepted).toBe(1);
  });

  it('that refuses at all of its addresses is told of as one', async () => {
    const url = await begin(['127.0.0.2', '127.0.0.3']);
    expect(await failure(at.transport, { url })).toMatchObject({
      code: 'SDK.NetworkError',
      systemCode: 'ECONNREFUSED',
      message: `${new URL(url).origin} refused the connection (ECONNREFUSED): nothing listens there`,
    });
  });

  it('is known by its name, over TLS and at any address', async () => {
    await begin(['127.0.0.2', '127.0.0.1'], { key: fixture('server.key'), cert: fixture('server.pem') });
    at.transport = axiosTransport({ tls: { ca: fixture('ca.pem') } });
    expect((await send(at.transport, { url: `https://ecs.example:${at.loopback.port}/` })).body).toBe('{}');
  });
});

import axios from 'axios';
import { inspect } from 'node:util';
import { lastValueFrom, toArray } from 'rxjs';
import type { ConnectionOptions } from '../../lib/platform/connections.js';
import { proxiesOfEnvironment } from '../../lib/platform/node/proxy.js';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import type { Transport } from '../../lib/transport/transport.js';
import { ForwardProxy } from './forward-proxy.js';
import { failure, fixture, Loopback, send } from './support.js';

const tls = { key: fixture('server.key'), cert: fixture('server.pem') };
const ca = fixture('ca.pem');
const userinfo = 'me%40home:hunter2%25';
const authorization = `Basic ${Buffer.from('me@home:hunter2%').toString('base64')}`;

const makers: readonly (readonly [string, (options: ConnectionOptions) => Transport])[] = [
  ['undici', (options) => axiosTransport(options)],
  ["undici, through the user's axios", (options) => axiosTransport({ ...options, axios: axios.create() })],
];

describe.each(makers)('a proxy, over %s', (_name, make) => {
  let plain: Loopback;
  let secure: Loopback;
  const proxies: ForwardProxy[] = [];
  const opened: Transport[] = [];

  beforeEach(async () => {
    plain = new Loopback();
    secure = new Loopback(undefined, tls);
    await plain.listen();
    await secure.listen();
  });
  afterEach(async () => {
    for (const transport of opened.splice(0)) transport.closeIdle?.();
    for (const proxy of proxies.splice(0)) await proxy.close();
    await plain.close();
    await secure.close();
  });

  async function proxyTo(target: Loopback, own?: typeof tls): Promise<ForwardProxy> {
    const proxy = new ForwardProxy(target.port, own);
    await proxy.listen();
    proxies.push(proxy);
    return proxy;
  }

  function open(options: ConnectionOptions): Transport {
    const transport = make(options);
    opened.push(transport);
    return transport;
  }

  it('is asked for the whole URL where that is HTTP', async () => {
    const proxy = await proxyTo(plain);
    const transport = open({ proxy: `http://${userinfo}@${proxy.host}` });
    const url = 'http://ecs.example:8080/a/%2Fb?c=%20';
    expect((await send(transport, { url, body: 'b', headers: { 'x-a': '1' } })).body).toBe('{}');
    expect(proxy.asked).toEqual([{ method: 'POST', target: url, authorization, host: 'ecs.example:8080' }]);
    expect(plain.seen[0]).toMatchObject({ url: '/a/%2Fb?c=%20', headers: { 'x-a': '1', host: 'ecs.example:8080' } });
    await send(transport, { url });
    expect(proxy.accepted).toBe(1);
  });

  it.each([
    ['HTTP', undefined],
    ['HTTPS', tls],
  ])('that speaks %s makes a tunnel where the URL is HTTPS, and hears nothing of what passes', async (scheme, own) => {
    const proxy = await proxyTo(secure, own);
    const transport = open({ proxy: `${scheme.toLowerCase()}://${userinfo}@${proxy.host}`, tls: { ca } });
    for (let i = 0; i < 3; i++) {
      expect((await send(transport, { url: 'https://ecs.example/a?Signature=s', body: 'b' })).body).toBe('{}');
    }
    expect(proxy.asked).toEqual([
      { method: 'CONNECT', target: 'ecs.example:443', authorization, host: 'ecs.example:443' },
    ]);
    expect(secure.seen[0]).toMatchObject({ url: '/a?Signature=s', headers: { host: 'ecs.example' } });
    expect(secure.seen[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(secure.accepted).toBe(1);
    transport.closeIdle?.();
    await secure.allClosed();
  });

  it('that speaks HTTPS is asked for the whole URL too', async () => {
    const proxy = await proxyTo(plain, tls);
    const transport = open({ proxy: { http: `https://${proxy.host}` }, tls: { ca } });
    expect((await send(transport, { url: 'http://ecs.example/' })).body).toBe('{}');
    expect(proxy.asked).toMatchObject([{ target: 'http://ecs.example/', authorization: undefined }]);
  });

  it('carries streams', async () => {
    const proxy = await proxyTo(secure);
    const transport = open({ proxy: proxy.host, tls: { ca } });
    const [, ...pieces] = await lastValueFrom(
      transport.stream!({ method: 'GET', url: 'https://ecs.example/', headers: {} }).pipe(toArray()),
    );
    expect(Buffer.concat(pieces as Uint8Array[]).toString()).toBe('{}');
  });

  it('is another one for each scheme, and none where none is named', async () => {
    const proxy = await proxyTo(secure);
    const transport = open({ proxy: { https: `http://${proxy.host}` }, tls: { ca } });
    await send(transport, { url: 'https://ecs.example/' });
    await send(transport, { url: `http://127.0.0.1:${plain.port}/` });
    expect(proxy.asked).toHaveLength(1);
    expect(plain.seen).toHaveLength(1);
  });

  it('is not used for the hosts that need none', async () => {
    const proxy = await proxyTo(plain);
    const transport = open({ proxy: { http: `http://${proxy.host}`, no: 'localhost, 127.0.0.0/8' } });
    await send(transport, { url: `http://127.0.0.1:${plain.port}/` });
    expect([proxy.asked.length, plain.seen.length]).toEqual([0, 1]);
    await send(transport, { url: `http://ecs.example/` });
    expect([proxy.asked.length, plain.seen.length]).toEqual([1, 2]);
  });

  describe('that the environment names', () => {
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
    let before: Record<string, string | undefined>;
    beforeEach(() => {
      before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
      for (const name of names) Reflect.deleteProperty(process.env, name);
    });
    afterEach(() => {
      for (const name of names) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, Object.fromEntries(Object.entries(before).filter(([, value]) => value !== undefined)));
    });

    it('is used, as the environment is when the first request is sent', async () => {
      const proxy = await proxyTo(plain);
      const transport = open({});
      process.env.HTTP_PROXY = 'http://127.0.0.1:1';
      process.env.http_proxy = proxy.host;
      await send(transport, { url: 'http://ecs.example/' });
      process.env.http_proxy = 'http://127.0.0.1:1';
      await send(transport, { url: 'http://ecs.example/' });
      expect(proxy.asked).toHaveLength(2);
    });

    it('is used for HTTPS', async () => {
      const proxy = await proxyTo(secure);
      process.env.HTTPS_PROXY = `http://${proxy.host}`;
      process.env.NO_PROXY = 'other.example';
      await send(open({ tls: { ca } }), { url: 'https://ecs.example/' });
      expect(proxy.asked).toHaveLength(1);
    });

    it('is not used for this machine itself, for what NO_PROXY says, and where proxy is false', async () => {
      const proxy = await proxyTo(plain);
      process.env.HTTP_PROXY = `http://${proxy.host}`;
      process.env.NO_PROXY = 'nowhere.invalid';
      await send(open({}), { url: `http://127.0.0.1:${plain.port}/` });
      const error = await failure(open({}), { url: 'http://ecs.nowhere.invalid/' });
      expect(error.message).toContain('The host ecs.nowhere.invalid was not found');
      expect((await failure(open({ proxy: false }), { url: 'http://invalid/' })).message).toContain('was not found');
      expect(proxy.asked).toEqual([]);
    });

    it('and that is none is an error of configuration, whose password is not shown', async () => {
      process.env.HTTPS_PROXY = 'socks5://me:hunter2@proxy:1080';
      const error = await failure(open({}), { url: 'https://ecs.example/' });
      expect(error).toMatchObject({
        code: 'SDK.InvalidConfiguration',
        message: 'Expected `HTTPS_PROXY` to be the URL of a proxy such as http://proxy:3128, got a text with @ in it',
      });
    });
  });

  describe('that fails', () => {
    async function expectFailure(
      proxy: string,
      url: string,
      systemCode: string,
      message: string,
      options: ConnectionOptions = {},
    ): Promise<void> {
      const error = await failure(open({ proxy: `http://me:hunter2@${proxy}`, ...options }), { url });
      const { origin } = new URL(url);
      expect(error).toMatchObject({ code: 'SDK.NetworkError', origin, systemCode, message });
      const everything = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + error.stack;
      expect(everything).not.toMatch(/hunter2|bWU6aHVudGVyMg/);
    }

    it.each(['http://ecs.example/', 'https://ecs.example/'])('is named where it refuses its user: %s', async (url) => {
      const proxy = await proxyTo(plain);
      proxy.refusal = 407;
      const { origin } = new URL(url);
      const message = `The proxy ${proxy.host} refused the request to ${origin} with status 407: it wants a user and a password, or other ones`;
      await expectFailure(proxy.host, url, 'ERR_PROXY_AUTHENTICATION', message);
      while (proxy.sockets.size > 0) await new Promise(setImmediate);
    });

    it('is named where it refuses a tunnel', async () => {
      const proxy = await proxyTo(secure);
      proxy.refusal = 403;
      const message = `The proxy ${proxy.host} refused the request to https://ecs.example with status 403: it does not let the connection through`;
      await expectFailure(proxy.host, 'https://ecs.example/', 'ERR_PROXY_REFUSED', message);
      while (proxy.sockets.size > 0) await new Promise(setImmediate);
    });

    it.each(['http://ecs.example/', 'https://ecs.example/'])('is named where it does not listen: %s', async (url) => {
      const proxy = new ForwardProxy(1);
      const host = await proxy.listen();
      await proxy.close();
      const message = `The proxy ${host} refused the connection (ECONNREFUSED): nothing listens there`;
      await expectFailure(host, url, 'ECONNREFUSED', message);
    });

    it('is told from the server behind it', async () => {
      const proxy = await proxyTo(secure);
      const message =
        'https://ecs.example shows a certificate that is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE): set tls.ca to the certificate of its authority';
      await expectFailure(proxy.host, 'https://ecs.example/', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', message);
    });

    it('in the middle of a tunnel closes the connection of the request', async () => {
      const proxy = await proxyTo(secure);
      const transport = open({ proxy: proxy.host, tls: { ca } });
      await send(transport, { url: 'https://ecs.example/' });
      for (const socket of proxy.sockets) socket.destroy();
      await secure.allClosed();
      expect((await send(transport, { url: 'https://ecs.example/' })).body).toBe('{}');
    });
  });

  it('closes its connection when the request is unsubscribed from', async () => {
    const silent = new Loopback(() => undefined, tls);
    await silent.listen();
    const proxy = await proxyTo(silent);
    const transport = open({ proxy: proxy.host, tls: { ca } });
    const subscription = transport.send({ method: 'GET', url: 'https://ecs.example/', headers: {} }).subscribe();
    while (silent.seen.length === 0) await new Promise(setImmediate);
    subscription.unsubscribe();
    await silent.allClosed();
    await silent.close();
  });
});

describe('the option proxy', () => {
  it.each([
    ['ftp://proxy:21', 'proxy', '"ftp://proxy:21"'],
    ['http://', 'proxy', '"http://"'],
    ['socks5://me:hunter2@proxy', 'proxy', 'a text with @ in it'],
    ['http://me:hunter2%@proxy', 'proxy', 'one with a % that begins no escape'],
  ])('is refused at once where it is no URL of a proxy: %s', (proxy, path, received) => {
    expect(() => axiosTransport({ proxy })).toThrow(expect.objectContaining({ path, received }) as Error);
    expect(() => axiosTransport({ proxy: { https: proxy } })).toThrow(
      expect.objectContaining({ path: 'proxy.https', received }) as Error,
    );
  });
});

/** The proxies for HTTP and HTTPS. */
function hostsIn(environment: Record<string, string>): (string | undefined)[] {
  const { http, https } = proxiesOfEnvironment(environment);
  return [http()?.host, https()?.host];
}

describe('the environment', () => {
  it.each<[Record<string, string>, (string | undefined)[]]>([
    [{}, [undefined, undefined]],
    [{ ALL_PROXY: 'http://a' }, ['a', 'a']],
    [{ all_proxy: 'b', ALL_PROXY: 'a' }, ['b', 'b']],
    [{ ALL_PROXY: 'a', HTTPS_PROXY: 'b' }, ['a', 'b']],
    [{ ALL_PROXY: 'a', http_proxy: '' }, [undefined, 'a']],
    [{ HTTP_PROXY: ' http://a ' }, ['a', undefined]],
    [{ REQUEST_METHOD: 'GET', HTTP_PROXY: 'evil', ALL_PROXY: 'a' }, ['a', 'a']],
  ])('of %j', (environment, hosts) => {
    expect(hostsIn(environment)).toEqual(hosts);
  });

  it.each([
    ['socks5://me:hunter2@127.0.0.1:1080', 'a text with @ in it'],
    ['SOCKS5H://127.0.0.1:1080', '"SOCKS5H://127.0.0.1:1080", and SOCKS is not supported'],
    ['socks://127.0.0.1', '"socks://127.0.0.1", and SOCKS is not supported'],
    ['ftp://proxy', '"ftp://proxy"'],
    ['http://', '"http://"'],
    ['http://me:hunter2@a b', 'a text with @ in it'],
  ])('ends the calls that need the proxy it names, and no others: %j', (proxy, received) => {
    const { https } = proxiesOfEnvironment({ ALL_PROXY: proxy, https_proxy: 'http://good' });
    expect(https()?.host).toBe('good');
    const { http } = proxiesOfEnvironment({ ALL_PROXY: proxy });
    expect(http).toThrow(
      expect.objectContaining({ code: 'SDK.InvalidConfiguration', path: 'ALL_PROXY', received }) as Error,
    );
  });

  it('is not asked for what a host does not need', async () => {
    const loopback = new Loopback();
    const url = await loopback.listen();
    const variables = { ALL_PROXY: 'socks5://127.0.0.1:1', NO_PROXY: 'none.example' };
    const before = { ...process.env };
    Object.assign(process.env, variables);
    const transport = axiosTransport();
    try {
      expect((await send(transport, { url })).body).toBe('{}');
      for (const other of ['http://ecs.example/', 'https://ecs.example/']) {
        expect(await failure(transport, { url: other })).toMatchObject({
          code: 'SDK.InvalidConfiguration',
          message: `Expected \`ALL_PROXY\` to be the URL of a proxy such as http://proxy:3128, got "socks5://127.0.0.1:1", and SOCKS is not supported`,
        });
      }
    } finally {
      for (const name of Object.keys(variables)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
      transport.closeIdle?.();
      await loopback.close();
    }
  });

  it('is not believed in upper case by a program that answers requests over CGI', () => {
    const environment = { REQUEST_METHOD: 'GET', HTTP_PROXY: 'http://evil', HTTPS_PROXY: 'http://good' };
    expect(hostsIn(environment)).toEqual([undefined, 'good']);
    expect(hostsIn({ REQUEST_METHOD: 'GET', http_proxy: 'own' })).toEqual(['own', undefined]);
  });

  it('is overruled in upper case by lower case, be that empty', () => {
    const environment = { http_proxy: '', HTTP_PROXY: 'http://a', no_proxy: 'b', NO_PROXY: 'c' };
    expect(hostsIn(environment)).toEqual([undefined, undefined]);
    expect(proxiesOfEnvironment(environment).no).toBe('b');
  });
});

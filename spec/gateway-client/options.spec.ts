import { EMPTY, firstValueFrom, of } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { Config } from '../../lib/config.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { ConfigurationError } from '../../lib/errors.js';
import { RateLimiter } from '../../lib/throttling/rate-limiter.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { answer, errorOf, MemoryTransport } from '../pipeline/support.js';
import { operation } from './support.js';

const transport = { send: () => EMPTY };

function refusalOf(make: () => unknown): string | undefined {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return undefined;
}

/** Where a call goes. */
async function urlOf(options: ClientOptions): Promise<string | undefined> {
  const memory = new MemoryTransport(() => of(answer('{}')));
  await firstValueFrom(new AlicloudClient({ transport: memory, ...options }).call(operation(), {}));
  return memory.sent[0]?.url;
}

describe('the option gateway', () => {
  it.each([
    ['/api/alicloud', '/api/alicloud'],
    ['/api/alicloud/', '/api/alicloud'],
    ['/', ''],
    ['https://gateway.example/api', 'https://gateway.example/api'],
    ['https://gateway.example', 'https://gateway.example'],
    ['https://gateway.example/', 'https://gateway.example'],
    ['HTTP://Gateway.Example:8080/Api', 'http://gateway.example:8080/Api'],
    ['http://[::1]:8080/api', 'http://[::1]:8080/api'],
    ['https://gateway.example:443/api', 'https://gateway.example/api'],
  ])('%j is where calls go', async (gateway, base) => {
    expect(await urlOf({ gateway })).toBe(`${base}/Ecs/2014-05-26/DescribeThings`);
  });

  it.each([
    '',
    'api/alicloud',
    'gateway.example/api',
    '//gateway.example/api',
    'ftp://gateway.example/api',
    '/api?x=1',
    '/api#x',
    '/a b',
    '/a//b',
    '/a/../b',
    '/a/.',
    '/%2e%2e/b',
    '/a%2Fb',
    '/api\\x',
    '/é',
    '/api\n',
    'https://user:hunter2@gateway.example/api',
    'https://gateway.example/api?token=hunter2',
    'https://gateway.example:99999/api',
    'https://gateway.example\\@evil.example/api',
    'https://',
  ])('%j is refused, without what may be secret in it', (gateway) => {
    const message = refusalOf(() => new AlicloudClient({ gateway, transport })) ?? 'taken';
    expect(message).toMatch(/^Expected `gateway` to be a path such as \/api\/alicloud, or an http\(s\) URL without/);
    expect(message).not.toContain('hunter2');
  });

  it('that is no text is refused', () => {
    expect(refusalOf(() => new AlicloudClient({ gateway: 1 as never, transport }))).toBe(
      'Expected `gateway` to be a string, got 1',
    );
  });

  const excluded: ClientOptions = {
    credentials: accessKey('id', 'hunter2'),
    endpoint: 'ecs.aliyuncs.com',
    network: 'vpc',
    endpoints: {},
    signature: 'V3',
    scheme: 'https',
    locationService: false,
    rateLimiter: new RateLimiter(),
    proxy: false,
  };
  it.each(Object.keys(excluded))('is refused beside %s', (name) => {
    const option = { [name]: excluded[name as keyof ClientOptions] };
    const message = refusalOf(() => new AlicloudClient({ gateway: '/api', transport, ...option }));
    expect(message).toMatch(new RegExp(`^Expected \`${name}\` to be absent, as it is the gateway's affair, got `));
    expect(message).not.toContain('hunter2');
    // Absent is absent.
    expect(refusalOf(() => new AlicloudClient({ gateway: '/api', transport, [name]: undefined }))).toBeUndefined();
  });

  it.each([
    { headers: { 'x-a': 'b' } },
    { query: { a: 'b' } },
    { endpoint: 'ecs.aliyuncs.com' },
    { credentials: accessKey('id', 'hunter2') },
  ])('lets none of a call’s own %j travel', async (options) => {
    const memory = new MemoryTransport();
    const client = new AlicloudClient({ gateway: '/api', transport: memory });
    const error = await errorOf(client.call(operation(), {}, options));
    expect(error).toMatchObject({ code: 'SDK.InvalidConfiguration', product: 'Ecs', action: 'DescribeThings' });
    expect(error.message).toMatch(/to be absent, as it is the gateway's affair/);
    expect(memory.sent).toEqual([]);
  });

  it('may be a path where there is no page, as on a server that renders one: its calls end there', async () => {
    const error = await errorOf(new AlicloudClient({ gateway: '/api' }).call(operation(), {}));
    expect(error).toMatchObject({ code: 'SDK.InvalidConfiguration', path: 'gateway', action: 'DescribeThings' });
    expect(error.message).toContain(
      'Expected `gateway` to be a URL, as there is no page that a path could be of (or a `transport` of your own), got "/api"',
    );
  });

  it('may be a path of whatever an axios instance of one’s own takes it for', async () => {
    const axios = { request: ({ url }: { readonly url: string }) => Promise.reject(new Error(`asked for ${url}`)) };
    const error = await errorOf(
      new AlicloudClient({ gateway: '/api', axios: axios as never, retry: false }).call(operation(), {}),
    );
    expect(error.message).toContain('asked for /api/Ecs/2014-05-26/DescribeThings');
  });

  it.each([
    // Where nobody listens.
    ['a page', 'http://127.0.0.1:1', 'SDK.NetworkError'],
    ['a worker of a file', 'null', 'SDK.InvalidConfiguration'],
    ['a sandboxed frame', 'null', 'SDK.InvalidConfiguration'],
  ])('is of %s where there is one', async (_what, origin, code) => {
    Object.defineProperty(globalThis, 'location', { value: { origin }, configurable: true });
    try {
      const client = new AlicloudClient({ gateway: '/api', retry: false });
      expect((await errorOf(client.call(operation(), {}))).code).toBe(code);
    } finally {
      Reflect.deleteProperty(globalThis, 'location');
    }
  });

  it('is in the fluent form, too', async () => {
    const memory = new MemoryTransport();
    const config = new Config().withGateway('/fluent').withTransport(memory);
    await firstValueFrom(new AlicloudClient(config).call(operation(), {}));
    expect(memory.sent.map(({ url }: HttpRequest) => url)).toEqual(['/fluent/Ecs/2014-05-26/DescribeThings']);
  });

  it('takes no call without a descriptor, in none of its forms', async () => {
    const memory = new MemoryTransport();
    const client = new AlicloudClient({ gateway: '/api', transport: memory, enableAsync: true });
    const request = { product: 'Ecs', version: '2014-05-26', action: 'DescribeRegions' };
    const refused = { code: 'SDK.InvalidConfiguration', path: 'gateway' };
    expect(await errorOf(client.request(request))).toMatchObject(refused);
    expect(await client.requestWithChan(request)[1].receive()).toMatchObject(refused);
    expect(memory.sent).toEqual([]);
  });

  it.each([{ product: 'E/cs' }, { product: '..' }, { version: '2014 05' }, { version: '' }])(
    'takes no operation whose path would have to be encoded: %j',
    async (differs) => {
      const memory = new MemoryTransport();
      const client = new AlicloudClient({ gateway: '/api', transport: memory });
      const called = operation();
      const odd = { ...called, service: { ...called.service, ...differs } };
      expect(await errorOf(client.call(odd, {}))).toMatchObject({
        code: 'SDK.InvalidConfiguration',
        path: 'operation',
      });
      expect(memory.sent).toEqual([]);
    },
  );
});

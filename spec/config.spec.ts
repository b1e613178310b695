import axios from 'axios';
import { EMPTY } from 'rxjs';
import { inspect } from 'node:util';
import type { CallOptions } from '../lib/call-options.js';
import type { ClientOptions } from '../lib/client-options.js';
import { Config } from '../lib/config.js';
import { accessKey } from '../lib/credentials/credentials.js';
import type { ConfigurationError } from '../lib/errors.js';
import { lineLogger } from '../lib/logging/logger.js';
import { fifo } from '../lib/queues/index.js';
import { callSettings, clientSettings, type CallSettings } from '../lib/settings.js';

const credentials = accessKey('id', 'hunter2');
const transport = { send: () => EMPTY };
/** What is settled where nothing is said. */
const rest = {
  scheme: 'https',
  locationService: false,
  connectTimeout: 5000,
  readTimeout: 10_000,
  deadline: 0,
  maxRetryAfter: 60_000,
  retry: undefined,
  maxResponseSize: 104_857_600,
  strict: false,
} as const;
const client: CallSettings = {
  ...rest,
  gateway: undefined,
  regionId: 'cn-hangzhou',
  endpoint: 'https://ecs.aliyuncs.com',
  network: undefined,
  endpoints: undefined,
  signature: 'V3',
  credentials,
  timeout: 10_000,
};

function refusal(call: () => unknown): Partial<ConfigurationError> {
  try {
    call();
  } catch (error) {
    const { name, code, message } = error as ConfigurationError;
    return { name, code, message };
  }
  return {};
}

function configurationError(message: string): Partial<ConfigurationError> {
  return { name: 'ConfigurationError', code: 'SDK.InvalidConfiguration', message };
}

describe("a client's options", () => {
  it('may be left out', () => {
    expect(clientSettings({})).toEqual({
      ...rest,
      readTimeoutIsDefault: true,
      gateway: undefined,
      regionId: undefined,
      endpoint: undefined,
      network: undefined,
      endpoints: undefined,
      signature: 'V3',
      credentials: undefined,
      timeout: 15_000,
    });
  });

  it('may be undefined, each of them', () => {
    const names = ['regionId', 'endpoint', 'credentials', 'timeout', 'poolSize', 'transport', 'axios', 'userAgent'];
    expect(clientSettings(Object.fromEntries(names.map((name) => [name, undefined])))).toEqual(clientSettings({}));
  });

  it('are settled', () => {
    const all: Required<Omit<ClientOptions, 'gateway'>> = {
      regionId: 'cn-hangzhou',
      credentials,
      endpoint: 'http://127.0.0.1:8080/',
      network: 'vpc',
      endpoints: { Ecs: { prefix: 'ecs2' } },
      signature: 'V1',
      timeout: 0,
      enableAsync: true,
      poolSize: 1,
      maxTaskQueueSize: 0,
      queue: fifo(),
      dispatcher: { open: () => undefined },
      allowAccessKeyInBrowser: true,
      userAgent: 'my-app/1.0 (é)',
      transport,
      axios: axios.create(),
      clock: () => 0,
      nonce: () => '',
      scheme: 'http',
      locationService: true,
      connectTimeout: 1000,
      readTimeout: 2000,
      deadline: 9000,
      retry: { maxAttempts: 5 },
      maxRetryAfter: 0,
      rateLimiter: false,
      interceptors: [(next) => next],
      attemptInterceptors: [(next) => next],
      proxy: 'http://proxy:8080',
      tls: { insecure: true },
      idleTimeout: 60_000,
      maxConnections: 60,
      maxResponseSize: 0,
      strict: true,
      logger: () => undefined,
    };
    expect(clientSettings(all)).toEqual({
      gateway: undefined,
      scheme: 'http',
      locationService: true,
      connectTimeout: 1000,
      readTimeout: 2000,
      deadline: 9000,
      retry: { maxAttempts: 5 },
      maxRetryAfter: Infinity,
      maxResponseSize: 0,
      strict: true,
      regionId: 'cn-hangzhou',
      endpoint: 'http://127.0.0.1:8080',
      network: 'vpc',
      endpoints: { Ecs: { prefix: 'ecs2' } },
      signature: 'V1',
      credentials,
      timeout: 0,
    });
  });

  it.each<[options: unknown, message: string]>([
    [null, 'Expected `options` to be an object, got nothing'],
    ['cn-hangzhou', 'Expected `options` to be an object, got a string'],
    [() => 1, 'Expected `options` to be an object, got a function'],
    [
      { regionID: 'cn-hangzhou' },
      'Expected `regionID` to be absent, as there is no such option (did you mean `regionId`?), got a string',
    ],
    [{ toString: 'x' }, 'Expected `toString` to be absent, as there is no such option, got a string'],
    [{ headers: {} }, 'Expected `headers` to be absent, as there is no such option, got an object'],
    [{ maxPoolSize: undefined }, 'Expected `maxPoolSize` to be absent, as there is no such option, got nothing'],
    [{ regionId: 1 }, 'Expected `regionId` to be a region id such as cn-hangzhou, got 1'],
    [{ regionId: null }, 'Expected `regionId` to be a region id such as cn-hangzhou, got nothing'],
    [{ regionId: 'cn hangzhou' }, 'Expected `regionId` to be a region id such as cn-hangzhou, got "cn hangzhou"'],
    [{ endpoint: new URL('http://localhost') }, 'Expected `endpoint` to be a string, got a URL'],
    [
      { endpoint: 'localhost/path' },
      'Expected `endpoint` to be a host, host:port or an origin such as https://ecs.aliyuncs.com, got "localhost/path"',
    ],
    [{ network: 'vpc/' }, 'Expected `network` to be the name of a network such as vpc, got "vpc/"'],
    [{ endpoints: { Ecs: 'ecs.aliyuncs.com' } }, 'Expected `endpoints.Ecs` to be an object, got a string'],
    [{ signature: 'V2' }, "Expected `signature` to be 'V3' or 'V1', got a string"],
    [
      { credentials: { accessKeyId: 'id', accessKeySecret: 'hunter2' } },
      'Expected `credentials` to be a function, such as accessKey(id, secret) gives, got an object',
    ],
    [
      { credentials: 'hunter2' },
      'Expected `credentials` to be a function, such as accessKey(id, secret) gives, got a string',
    ],
    [{ timeout: -1 }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got -1'],
    [{ timeout: NaN }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got NaN'],
    [{ timeout: Infinity }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got Infinity'],
    [{ timeout: 2 ** 31 }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got 2147483648'],
    [{ timeout: '1000' }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got a string'],
    [{ enableAsync: 'true' }, 'Expected `enableAsync` to be a boolean, got a string'],
    [{ poolSize: 0 }, 'Expected `poolSize` to be an integer >= 1, got 0'],
    [{ poolSize: 1.5 }, 'Expected `poolSize` to be an integer >= 1, got 1.5'],
    [{ poolSize: Infinity }, 'Expected `poolSize` to be an integer >= 1, got Infinity'],
    [{ poolSize: '10' }, 'Expected `poolSize` to be an integer >= 1, got a string'],
    [{ enableAsync: true, poolSize: NaN }, 'Expected `poolSize` to be an integer >= 1, got NaN'],
    [{ maxTaskQueueSize: -1 }, 'Expected `maxTaskQueueSize` to be an integer >= 0, got -1'],
    [{ maxTaskQueueSize: 0.5 }, 'Expected `maxTaskQueueSize` to be an integer >= 0, got 0.5'],
    [{ userAgent: 'a\r\nx-evil: 1' }, 'Expected `userAgent` to be text on one line, in Latin-1, got a string'],
    [{ userAgent: '杭州' }, 'Expected `userAgent` to be text on one line, in Latin-1, got a string'],
    [{ userAgent: 1 }, 'Expected `userAgent` to be text on one line, in Latin-1, got 1'],
    [{ transport: {} }, 'Expected `transport` to be an object with a method `send`, got an object'],
    [{ transport: () => 1 }, 'Expected `transport` to be an object with a method `send`, got a function'],
    [{ axios: {} }, 'Expected `axios` to be an axios instance, got an object'],
    [{ axios: () => 1 }, 'Expected `axios` to be an axios instance, got a function'],
    [{ clock: 0 }, 'Expected `clock` to be a function, got 0'],
    [{ nonce: 'n' }, 'Expected `nonce` to be a function, got a string'],
  ])('%j are refused', (options, message) => {
    expect(refusal(() => clientSettings(options as ClientOptions))).toEqual(configurationError(message));
  });
});

describe("a call's options", () => {
  it('may be left out', () => {
    expect(callSettings(client, undefined)).toBe(client);
    expect(callSettings(client, {})).toEqual(client);
  });

  it("stand in the place of the client's", () => {
    const other = accessKey('other', 'secret');
    expect(
      callSettings(client, { regionId: 'cn-beijing', endpoint: 'localhost', credentials: other, strict: true }),
    ).toEqual({ ...client, regionId: 'cn-beijing', endpoint: 'https://localhost', credentials: other, strict: true });
    expect(callSettings(client, { timeout: 1, observe: 'response', headers: {}, query: {} })).toEqual({
      ...client,
      // It is the only limit where it comes alone.
      ...{ timeout: 1, connectTimeout: 0, readTimeout: 0 },
    });
  });

  it.each<[options: unknown, message: string]>([
    [null, 'Expected `options` to be an object, got nothing'],
    [{ poolSize: 1 }, 'Expected `poolSize` to be absent, as there is no such option, got 1'],
    [{ Timeout: 1 }, 'Expected `Timeout` to be absent, as there is no such option (did you mean `timeout`?), got 1'],
    [{ timeout: -1 }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got -1'],
    [{ regionId: '' }, 'Expected `regionId` to be a region id such as cn-hangzhou, got ""'],
    [{ observe: 'body ' }, "Expected `observe` to be 'body', 'response', 'stream' or 'events', got a string"],
    [{ headers: 'x-a: b' }, 'Expected `headers` to be a plain object, got a string'],
    [{ headers: new Map([['a', 'b']]) }, 'Expected `headers` to be a plain object, got a Map'],
    [{ headers: [['a', 'b']] }, 'Expected `headers` to be a plain object, got an array of 1'],
    [{ query: new URLSearchParams('a=b') }, 'Expected `query` to be a plain object, got a URLSearchParams'],
  ])('%j are refused', (options, message) => {
    expect(refusal(() => callSettings(client, options as CallOptions))).toEqual(configurationError(message));
  });
});

describe('Config', () => {
  it('says what an object of options says', () => {
    const instance = axios.create();
    const clock = (): number => 0;
    const nonce = (): string => 'n';
    const logger = lineLogger();
    const config = new Config()
      .withRegionId('cn-hangzhou')
      .withCredentials(credentials)
      .withEndpoint('localhost')
      .withNetwork('vpc')
      .withEndpoints({})
      .withSignature('V1')
      .withTimeout(1)
      .withEnableAsync(true)
      .withPoolSize(10)
      .withMaxTaskQueueSize(10_000)
      .withUserAgent('me')
      .withTransport(transport)
      .withAxios(instance)
      .withScheme('http')
      .withLocationService(true)
      .withConnectTimeout(1000)
      .withReadTimeout(2000)
      .withDeadline(9000)
      .withRetry({ maxAttempts: 5 })
      .withMaxRetryAfter(7000)
      .withRateLimiter(false)
      .withInterceptors([])
      .withAttemptInterceptors([])
      .withProxy(false)
      .withTls({})
      .withIdleTimeout(1)
      .withMaxConnections(2)
      .withMaxResponseSize(0)
      .withLogger(logger)
      .withClock(clock)
      .withNonce(nonce);
    expect({ ...config }).toEqual({
      scheme: 'http',
      locationService: true,
      connectTimeout: 1000,
      readTimeout: 2000,
      deadline: 9000,
      retry: { maxAttempts: 5 },
      maxRetryAfter: 7000,
      rateLimiter: false,
      interceptors: [],
      attemptInterceptors: [],
      proxy: false,
      tls: {},
      idleTimeout: 1,
      maxConnections: 2,
      maxResponseSize: 0,
      logger,
      clock,
      nonce,
      regionId: 'cn-hangzhou',
      credentials,
      endpoint: 'localhost',
      network: 'vpc',
      endpoints: {},
      signature: 'V1',
      timeout: 1,
      enableAsync: true,
      poolSize: 10,
      maxTaskQueueSize: 10_000,
      userAgent: 'me',
      transport,
      axios: instance,
    });
    expect(clientSettings(config)).toEqual({
      scheme: 'http',
      locationService: true,
      connectTimeout: 1000,
      readTimeout: 2000,
      deadline: 9000,
      retry: { maxAttempts: 5 },
      maxRetryAfter: 7000,
      maxResponseSize: 0,
      strict: false,
      regionId: 'cn-hangzhou',
      endpoint: 'http://localhost',
      network: 'vpc',
      endpoints: {},
      signature: 'V1',
      credentials,
      timeout: 1,
    });
  });

  it('begins with the options it is given', () => {
    const clock = (): number => 0;
    expect(new Config({ regionId: 'cn-hangzhou', clock }).withTimeout(1)).toMatchObject({
      regionId: 'cn-hangzhou',
      clock,
      timeout: 1,
    });
  });

  it('is a new one after each step', () => {
    const hangzhou = new Config().withRegionId('cn-hangzhou');
    const beijing = hangzhou.withRegionId('cn-beijing');
    expect([hangzhou.regionId, beijing.regionId]).toEqual(['cn-hangzhou', 'cn-beijing']);
  });

  it('is checked where it is used', () => {
    expect(refusal(() => clientSettings(new Config().withPoolSize(0)))).toEqual(
      configurationError('Expected `poolSize` to be an integer >= 1, got 0'),
    );
    expect(refusal(() => clientSettings(new Config({ regionID: 'x' } as ClientOptions)))).toEqual(
      configurationError(
        'Expected `regionID` to be absent, as there is no such option (did you mean `regionId`?), got a string',
      ),
    );
  });

  it('shows no secret', () => {
    const config = new Config({ credentials, regionId: 'cn-hangzhou' });
    expect(inspect(config, { depth: 9, showHidden: true })).not.toContain('hunter2');
    expect(JSON.stringify(config)).not.toContain('hunter2');
  });
});

describe('a Config that is shown', () => {
  const config = new Config({ regionId: 'cn-hangzhou' })
    .withProxy('http://user:hunter2@proxy:3128')
    .withTls({ cert: 'a certificate', key: 'hunter2', passphrase: 'hunter2' });

  it.each<[what: string, shown: Config]>([
    ['a proxy', config],
    ['a proxy without a scheme', config.withProxy('user:hunter2@proxy:3128')],
    ['a proxy whose password has signs in it', config.withProxy('http://user:a@hunter2@proxy:3128')],
    ['a proxy for each scheme', config.withProxy({ http: 'http://u:hunter2@a', https: 'http://u:hunter2@b', no: 'c' })],
  ])('tells no password: %s', (_what, shown) => {
    expect(JSON.stringify(shown)).not.toContain('hunter2');
    expect(inspect(shown, { depth: Infinity, showHidden: true })).not.toContain('hunter2');
    expect(inspect({ shown }, { depth: Infinity })).toContain('proxy');
  });

  it('tells the rest, and works on', () => {
    expect(JSON.parse(JSON.stringify(config))).toEqual({
      regionId: 'cn-hangzhou',
      proxy: 'http://***@proxy:3128',
      tls: { cert: 'a certificate', key: '***', passphrase: '***' },
    });
    expect(config.withRegionId('r')).toMatchObject({
      proxy: 'http://user:hunter2@proxy:3128',
      tls: { key: 'hunter2' },
    });
  });
});

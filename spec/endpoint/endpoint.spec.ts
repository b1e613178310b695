import { isClientError } from '../../lib/errors.js';
import { requireOrigin } from '../../lib/endpoint/unknown-endpoint.js';
import { checkNetwork, checkPrefix, checkRegionId, parseEndpoint } from '../../lib/endpoint/host-names.js';
import type { Endpoints, Service } from '../../lib/service.js';

describe('parseEndpoint', () => {
  it.each([
    ['ecs.aliyuncs.com', 'https://ecs.aliyuncs.com'],
    ['localhost', 'https://localhost'],
    ['localhost:8080', 'https://localhost:8080'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['https://ecs.aliyuncs.com', 'https://ecs.aliyuncs.com'],
    ['https://ecs.aliyuncs.com/', 'https://ecs.aliyuncs.com'],
    ['HTTP://ECS.Aliyuncs.COM', 'http://ecs.aliyuncs.com'],
    ['my_proxy', 'https://my_proxy'],
    ['[::1]', 'https://[::1]'],
    ['[::1]:8080', 'https://[::1]:8080'],
    ['http://[FE80::1]:8080/', 'http://[fe80::1]:8080'],
    // As a URL has it, and so as it is signed and sent.
    ['https://ecs.aliyuncs.com:443', 'https://ecs.aliyuncs.com'],
    ['http://localhost:80', 'http://localhost'],
    ['http://localhost:443', 'http://localhost:443'],
  ])('reads %s', (endpoint, origin) => {
    expect(parseEndpoint(endpoint)).toBe(origin);
  });

  it.each([
    '',
    ' ',
    ' localhost',
    'localhost\n',
    'localhost\r\nx-evil: 1',
    'http://',
    'http:///',
    'ftp://localhost',
    '//localhost',
    'http://localhost//',
    'http://localhost/path',
    'localhost?a=b',
    'localhost#a',
    'local host',
    'localhost:',
    'localhost:port',
    'localhost:99999',
    'localhost:123456',
    '-localhost',
    '.aliyuncs.com',
    'aliyuncs.com.',
    'ecs..aliyuncs.com',
    '256.256.256.256',
    '[::1',
    '[::g]',
    '[:::::]',
    '杭州.com',
    'a%2fb',
    'https://ecs.aliyuncs.com\\@evil',
  ])('refuses %j, and says what it got', (endpoint) => {
    expect(() => parseEndpoint(endpoint)).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        code: 'SDK.InvalidConfiguration',
        path: 'endpoint',
        message: expect.stringContaining('Expected `endpoint` to be a host, host:port or an origin') as string,
      }) as Error,
    );
  });

  it.each(['http://me:hunter2@localhost', 'me:hunter2@localhost:80', 'hunter2@localhost'])(
    'refuses %s, and shows no password',
    (endpoint) => {
      expect(() => parseEndpoint(endpoint)).toThrow(
        expect.objectContaining({
          code: 'SDK.InvalidConfiguration',
          message: expect.not.stringContaining('hunter2') as string,
        }) as Error,
      );
    },
  );
});

describe('checkRegionId', () => {
  it.each(['cn-hangzhou', 'cn-hangzhou-finance-1', 'us-west-1', 'cn', 'constructor'])('takes %s', (regionId) => {
    expect(() => checkRegionId(regionId, 'regionId')).not.toThrow();
  });

  it.each([
    '',
    ' cn-hangzhou',
    'cn-hangzhou\n',
    'cn_hangzhou',
    'cn.evil.com',
    'cn-hangzhou/',
    '-cn',
    'cn-',
    '__proto__',
    '杭州',
    'a'.repeat(64),
  ])('refuses %j, as it becomes part of a host', (regionId) => {
    expect(() => checkRegionId(regionId, 'regionId')).toThrow(
      expect.objectContaining({
        name: 'ConfigurationError',
        path: 'regionId',
        received: JSON.stringify(regionId),
      }) as Error,
    );
  });
});

describe('requireOrigin', () => {
  const service = (endpoints: Partial<Endpoints>): Service => ({
    product: 'Ecs',
    version: '2014-05-26',
    endpoints: {
      prefix: 'ecs',
      rule: 'regional',
      regions: { 'cn-hangzhou': 'ecs-cn-hangzhou.aliyuncs.com' },
      ...endpoints,
    },
  });

  it.each<[what: string, service: Service, regionId: string | undefined, origin: string]>([
    ['the region map', service({}), 'cn-hangzhou', 'https://ecs-cn-hangzhou.aliyuncs.com'],
    ['the rule', service({}), 'cn-new-1', 'https://ecs.cn-new-1.aliyuncs.com'],
    ['the rule', service({}), 'constructor', 'https://ecs.constructor.aliyuncs.com'],
    ['the rule', service({}), 'tostring', 'https://ecs.tostring.aliyuncs.com'],
    ['the central host', service({ rule: 'central' }), 'cn-new-1', 'https://ecs.aliyuncs.com'],
    ['the central host', service({ rule: 'central' }), undefined, 'https://ecs.aliyuncs.com'],
    [
      'the region map before the central host',
      service({ rule: 'central' }),
      'cn-hangzhou',
      'https://ecs-cn-hangzhou.aliyuncs.com',
    ],
  ])('takes %s', (_what, of, regionId, origin) => {
    expect(requireOrigin(of, { regionId })).toBe(origin);
  });

  it('says which options are missing where a host depends on the region', () => {
    let error: unknown;
    try {
      requireOrigin(service({}), { regionId: undefined });
    } catch (thrown) {
      error = thrown;
    }
    expect(isClientError(error, 'SDK.EndpointUnknown')).toBe(true);
    expect((error as Error).message).toMatch(/^Ecs .*`regionId`.*`endpoint`.*got neither$/);
  });

  it.each<[rule: Endpoints['rule'], network: string, origin: string]>([
    ['regional', 'public', 'https://ecs-cn-hangzhou.aliyuncs.com'],
    ['regional', 'vpc', 'https://ecs-vpc.cn-hangzhou.aliyuncs.com'],
    ['regional', 'inner', 'https://ecs-inner.cn-hangzhou.aliyuncs.com'],
    ['central', 'dualstack', 'https://ecs-dualstack.aliyuncs.com'],
  ])('finds the hosts of a product that is %s in the network %s', (rule, network, origin) => {
    expect(requireOrigin(service({ rule }), { regionId: 'cn-hangzhou', network })).toBe(origin);
  });

  it.each<[users: Partial<Endpoints>, regionId: string, origin: string]>([
    [{ regions: { 'cn-new-1': 'ecs.new.example.com' } }, 'cn-new-1', 'https://ecs.new.example.com'],
    [{ regions: { 'cn-new-1': 'http://127.0.0.1:8080' } }, 'cn-new-1', 'http://127.0.0.1:8080'],
    [{ regions: { 'cn-new-1': 'ecs.new.example.com' } }, 'cn-hangzhou', 'https://ecs-cn-hangzhou.aliyuncs.com'],
    [{ regions: { 'cn-hangzhou': 'ecs.mine.example.com' } }, 'cn-hangzhou', 'https://ecs.mine.example.com'],
    [{ prefix: 'ecs2' }, 'cn-new-1', 'https://ecs2.cn-new-1.aliyuncs.com'],
    [{ rule: 'central' }, 'cn-new-1', 'https://ecs.aliyuncs.com'],
  ])("takes the user's own data %j before its own, in %s", (users, regionId, origin) => {
    expect(requireOrigin(service({}), { regionId, endpoints: { Ecs: users, Other: { prefix: 'other' } } })).toBe(
      origin,
    );
  });

  it('knows only the hosts of the region map where a product has no rule', () => {
    const product = service({ rule: 'none' });
    expect(requireOrigin(product, { regionId: 'cn-hangzhou' })).toBe('https://ecs-cn-hangzhou.aliyuncs.com');
    expect(() => requireOrigin(product, { regionId: 'cn-new-1' })).toThrow(
      "Ecs has no rule for its hosts: expected `endpoint`, or a `regionId` whose host is known, in the client's options, got the region cn-new-1, whose host is not known",
    );
    expect(() => requireOrigin(product, { regionId: undefined })).toThrow(
      expect.objectContaining({ code: 'SDK.EndpointUnknown' }) as Error,
    );
  });
});

describe('checkNetwork', () => {
  it.each(['vpc', 'vpc-ipv6', 'Inner'])('takes %s', (network) => {
    expect(() => checkNetwork(network, 'network')).not.toThrow();
  });

  it.each(['', 'vpc.evil.com/', '-vpc', 'vpc\n'])('refuses %j, as it becomes part of a host', (network) => {
    expect(() => checkNetwork(network, 'network')).toThrow(expect.objectContaining({ path: 'network' }) as Error);
  });
});

describe('checkPrefix', () => {
  it.each(['ecs', 'location-readonly', 'marketing_event', 'a.b'])('takes %s', (prefix) => {
    expect(() => checkPrefix(prefix, 'prefix')).not.toThrow();
  });

  it.each(['', '.', 'a.', '-a', 'evil.com/', 'evil.com?', 'me@evil', 'a b', 'a\n', 'a'.repeat(64), 1, null])(
    'refuses %j, as it becomes part of a host',
    (prefix) => {
      expect(() => checkPrefix(prefix, 'prefix')).toThrow(expect.objectContaining({ path: 'prefix' }) as Error);
    },
  );
});

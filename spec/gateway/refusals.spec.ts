import { allow, atMost, optional, type RequestInfo } from '../../lib/gateway/index.js';
import { describeInstances, describeRegions, runInstances } from '../../lib/services/ecs.js';
import type { AnyOperation } from '../../lib/service.js';
import { describeClusterDetail } from '../../lib/services/cs.js';
import { segmentBody } from '../../lib/services/imageseg.js';
import { answerTo, newAttempt, origin, requestOf, siteOf, type Call } from './support.js';

const instances = '/Ecs/2014-05-26/DescribeInstances';
const run = '/Ecs/2014-05-26/RunInstances';
const valid = { ImageId: 'i', InstanceType: 'ecs.t6-c1m1.large', Amount: 1 };
const raw = (...names: string[]): RequestInfo => ({ rawHeaders: names.flatMap((name) => [name, 'x']) });
const site = () =>
  siteOf({
    regions: ['cn-hangzhou', 'cn-beijing'],
    allow: [
      describeRegions,
      describeInstances,
      describeClusterDetail,
      allow(runInstances, { Amount: optional(atMost(3)) }),
    ],
    limits: { requestSize: 100_000 },
  });

/** A slash, a dot and letters that look like those of ASCII. */
const lookAlikes = ['DescribeRegіons', 'ＤescribeRegions', 'DescribeRegions\u200b', 'Describe\u0130egions'];

const attacks: readonly (readonly [name: string, code: string, status: number, call: Call])[] = [
  // Paths.
  ['another path', 'NotFound', 404, { path: '/' }],
  ['no path of an operation', 'NotFound', 404, { path: '/Ecs/DescribeRegions' }],
  ['outside of its own path', 'NotFound', 404, { path: `${origin}/other/Ecs/2014-05-26/DescribeRegions` }],
  ['an operation that is not allowed', 'OperationNotAllowed', 403, { path: '/Ecs/2014-05-26/DeleteInstance' }],
  ['another version', 'OperationNotAllowed', 403, { path: '/Ecs/2013-01-10/DescribeRegions' }],
  ['another product', 'OperationNotAllowed', 403, { path: '/Ram/2014-05-26/DescribeRegions' }],
  ['another case of the action', 'OperationNotAllowed', 403, { path: '/Ecs/2014-05-26/describeRegions' }],
  ['another case of the product', 'OperationNotAllowed', 403, { path: '/ecs/2014-05-26/DescribeRegions' }],
  ['another case of its own path', 'NotFound', 404, { path: `${origin}/API/alicloud/Ecs/2014-05-26/DescribeRegions` }],
  ['a slash at the end', 'NotFound', 404, { path: '/Ecs/2014-05-26/DescribeRegions/' }],
  ['two slashes', 'NotFound', 404, { path: '//Ecs/2014-05-26/DescribeRegions' }],
  ['two slashes within', 'NotFound', 404, { path: '/Ecs//2014-05-26/DescribeRegions' }],
  ['an encoded slash', 'NotFound', 404, { path: '/Ecs%2F2014-05-26%2FDescribeRegions' }],
  ['an encoded letter', 'NotFound', 404, { path: '/Ecs/2014-05-26/%44escribeRegions' }],
  ['a semicolon', 'NotFound', 404, { path: '/Ecs/2014-05-26/DescribeRegions;x' }],
  ['a NUL', 'NotFound', 404, { path: '/Ecs/2014-05-26/DescribeRegions%00' }],
  ['a name that every object has', 'OperationNotAllowed', 403, { path: '/Ecs/2014-05-26/constructor' }],
  ...lookAlikes.map(
    (name) => [`look-alikes: ${escape(name)}`, 'NotFound', 404, { path: `/Ecs/2014-05-26/${name}` }] as const,
  ),
  [
    'dots, as they came',
    'InvalidRequest',
    400,
    { path: instances, info: { target: '/api/alicloud/Ecs/x/../2014-05-26/DescribeInstances' } },
  ],
  [
    'encoded dots, as they came',
    'InvalidRequest',
    400,
    { path: instances, info: { target: '/api/alicloud/%2e%2e/alicloud/Ecs/2014-05-26/DescribeInstances' } },
  ],
  [
    'an absolute target',
    'InvalidRequest',
    400,
    { path: instances, info: { target: `${origin}/api/alicloud${instances}` } },
  ],
  [
    'the target of another host',
    'InvalidRequest',
    400,
    { path: instances, info: { target: 'http://ecs.aliyuncs.com/' } },
  ],
  ['a query', 'InvalidRequest', 400, { path: `${instances}?Action=DeleteInstance` }],
  ['an empty query', 'InvalidRequest', 400, { path: `${instances}?` }],
  ['a version in the query', 'InvalidRequest', 400, { path: `${instances}?Version=2014-05-26` }],
  // Methods and types.
  ...['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map(
    (method) => [method, 'MethodNotAllowed', 405, { method }] as const,
  ),
  ['a form', 'UnsupportedMediaType', 415, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  [
    'a form with files',
    'UnsupportedMediaType',
    415,
    { headers: { 'content-type': 'multipart/form-data; boundary=x' } },
  ],
  ['text', 'UnsupportedMediaType', 415, { headers: { 'content-type': 'text/plain' } }],
  ['text that says JSON', 'UnsupportedMediaType', 415, { headers: { 'content-type': 'text/plain; application/json' } }],
  ['two types', 'UnsupportedMediaType', 415, { headers: { 'content-type': 'application/json, text/plain' } }],
  [
    'JSON of another character set',
    'UnsupportedMediaType',
    415,
    { headers: { 'content-type': 'application/json;charset=utf-16' } },
  ],
  [
    'JSON with more',
    'UnsupportedMediaType',
    415,
    { headers: { 'content-type': 'application/json;charset=utf-8;x=y' } },
  ],
  ['another kind of JSON', 'UnsupportedMediaType', 415, { headers: { 'content-type': 'application/json-patch+json' } }],
  ['no type', 'UnsupportedMediaType', 415, { headers: { 'content-type': '' } }],
  ...['gzip', 'br', 'deflate', 'identity', 'x'].map(
    (encoding) =>
      [`encoded: ${encoding}`, 'UnsupportedMediaType', 415, { headers: { 'content-encoding': encoding } }] as const,
  ),
  // Where from, and where to.
  ['another origin', 'OriginNotAllowed', 403, { headers: { origin: 'https://evil.example' } }],
  ['another port', 'OriginNotAllowed', 403, { headers: { origin: `${origin}:8443` } }],
  ['another scheme', 'OriginNotAllowed', 403, { headers: { origin: 'http://app.example.com' } }],
  ['another case of the origin', 'OriginNotAllowed', 403, { headers: { origin: 'https://APP.example.com' } }],
  ['a host that ends in its own', 'OriginNotAllowed', 403, { headers: { origin: 'https://evil-app.example.com' } }],
  ['no origin at all: null', 'OriginNotAllowed', 403, { headers: { origin: 'null' } }],
  ['two origins', 'OriginNotAllowed', 403, { headers: { origin: `${origin}, ${origin}` } }],
  [
    'from elsewhere, without an origin',
    'OriginNotAllowed',
    403,
    { headers: { origin: undefined, 'sec-fetch-site': 'cross-site' } },
  ],
  [
    'from a sibling, without an origin',
    'OriginNotAllowed',
    403,
    { headers: { origin: undefined, 'sec-fetch-site': 'same-site' } },
  ],
  ['an address that was typed', 'OriginNotAllowed', 403, { headers: { origin: undefined, 'sec-fetch-site': 'none' } }],
  [
    'a preflight of elsewhere',
    'OriginNotAllowed',
    403,
    { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } },
  ],
  ['another host in the URL', 'HostNotAllowed', 421, { path: `https://evil.example/api/alicloud${instances}` }],
  ['another host in the header', 'HostNotAllowed', 421, { headers: { host: 'evil.example' } }],
  ['another port of the host', 'HostNotAllowed', 421, { headers: { host: 'app.example.com:8080' } }],
  ['a dot behind the host', 'HostNotAllowed', 421, { headers: { host: 'app.example.com.' } }],
  ['two hosts', 'HostNotAllowed', 421, { headers: { host: 'app.example.com, app.example.com' } }],
  ['an address that leads here', 'HostNotAllowed', 421, { path: `http://127.0.0.1/api/alicloud${instances}` }],
  // Headers.
  ['no attempt', 'InvalidRequest', 400, { headers: { 'x-rx-alicloud-attempt': undefined } }],
  ['an attempt that is none', 'InvalidRequest', 400, { attempt: 'x' }],
  ['an attempt in upper case', 'InvalidRequest', 400, { attempt: newAttempt().toUpperCase() }],
  ['two attempts', 'InvalidRequest', 400, { attempt: `${newAttempt()}, ${newAttempt()}` }],
  ['a length that is none', 'InvalidRequest', 400, { headers: { 'content-length': '5, 5' } }],
  ...[
    'Host',
    'origin',
    'content-type',
    'Content-Length',
    'authorization',
    'x-rx-alicloud-attempt',
    'sec-fetch-site',
  ].map((name) => [`twice: ${name}`, 'InvalidRequest', 400, { info: raw(name, name.toLowerCase()) }] as const),
  ['a length with chunks', 'InvalidRequest', 400, { info: raw('content-length', 'transfer-encoding') }],
  // Bodies.
  ['no body', 'InvalidRequest', 400, { body: null }],
  ['half of JSON', 'InvalidRequest', 400, { body: '{"request":{' }],
  ['two values', 'InvalidRequest', 400, { body: '{"request":{}}{}' }],
  ['a comma too much', 'InvalidRequest', 400, { body: '{"request":{},}' }],
  ['a comment', 'InvalidRequest', 400, { body: '{"request":{}/**/}' }],
  ['a byte order mark', 'InvalidRequest', 400, { body: '\ufeff{"request":{}}' }],
  ['no UTF-8', 'InvalidRequest', 400, { body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]) }],
  ['overlong UTF-8', 'InvalidRequest', 400, { body: new Uint8Array([0x22, 0xc0, 0xaf, 0x22]) }],
  ['a list', 'InvalidRequest', 400, { body: '[]' }],
  ['null', 'InvalidRequest', 400, { body: 'null' }],
  ['a request that is a list', 'InvalidRequest', 400, { body: '{"request":[]}' }],
  ['a request that is null', 'InvalidRequest', 400, { body: '{"request":null}' }],
  ['a name twice', 'InvalidRequest', 400, { body: '{"request":{"AcceptLanguage":"a","AcceptLanguage":"b"}}' }],
  ['a name twice, once escaped', 'InvalidRequest', 400, { body: '{"request":{},"\\u0072equest":{}}' }],
  ['the prototype', 'InvalidRequest', 400, { body: '{"request":{"__proto__":{"AcceptLanguage":"x"}}}' }],
  ['the prototype, escaped', 'InvalidRequest', 400, { body: '{"request":{"\\u005f_proto__":{}}}' }],
  ['the constructor', 'InvalidRequest', 400, { body: '{"request":{"constructor":{"prototype":{}}}}' }],
  ['100,000 lists', 'InvalidRequest', 400, { body: `{"request":{"x":${'['.repeat(49_000)}` }],
  ['objects too deep', 'InvalidRequest', 400, { body: `{"request":${'{"x":'.repeat(40)}1${'}'.repeat(41)}` }],
  [
    '5,000 tags',
    'InvalidRequest',
    400,
    { path: instances, request: { Tag: Array.from({ length: 5000 }, () => ({})) } },
  ],
  [
    'a member too many',
    'InvalidRequest',
    400,
    { request: Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`k${index}`, 1])) },
  ],
  ['NaN', 'InvalidRequest', 400, { path: instances, body: '{"request":{"PageSize":NaN}}' }],
  ['Infinity', 'InvalidRequest', 400, { path: instances, body: '{"request":{"PageSize":Infinity}}' }],
  ['1e400', 'InvalidRequest', 400, { path: instances, body: '{"request":{"PageSize":1e400}}' }],
  ['1e20', 'InvalidRequest', 400, { path: instances, body: '{"request":{"PageSize":1e20}}' }],
  ['2^64', 'InvalidRequest', 400, { path: instances, body: '{"request":{"PageSize":18446744073709551616}}' }],
  [
    'a number of 10,000 digits',
    'InvalidRequest',
    400,
    { path: instances, body: `{"request":{"PageSize":${'1'.repeat(10_000)}}}` },
  ],
  ['an octal number', 'InvalidRequest', 400, { path: instances, body: '{"request":{"PageSize":010}}' }],
  ['half of a character', 'InvalidRequest', 400, { body: '{"request":{"AcceptLanguage":"\\ud800"}}' }],
  ['a line break in a text', 'InvalidRequest', 400, { body: '{"request":{"AcceptLanguage":"a\nb"}}' }],
  ['a body that is too long', 'RequestTooLarge', 413, { body: ' '.repeat(100_001) }],
  ['a length that is too long', 'RequestTooLarge', 413, { headers: { 'content-length': '100001' } }],
  // What is in them.
  ...[
    'Action',
    'Version',
    'Format',
    'AccessKeyId',
    'Signature',
    'SecurityToken',
    'SignatureNonce',
    'endpoint',
    'headers',
  ].map(
    (name) =>
      [`the common parameter ${name}`, 'InvalidRequest', 400, { path: instances, request: { [name]: 'x' } }] as const,
  ),
  ...['endpoint', 'headers', 'query', 'credentials', 'network', 'contents', 'Action'].map(
    (name) =>
      [`the option ${name}`, 'InvalidRequest', 400, { body: JSON.stringify({ request: {}, [name]: {} }) }] as const,
  ),
  ['an unknown field', 'InvalidRequest', 400, { request: { Unknown: 1 } }],
  ['a field in another case', 'InvalidRequest', 400, { request: { acceptlanguage: 'en' } }],
  ['a field that looks alike', 'InvalidRequest', 400, { request: { АcceptLanguage: 'en' } }],
  ['a field of another type', 'InvalidRequest', 400, { request: { AcceptLanguage: { a: 1 } } }],
  ['a region that is not open', 'Forbidden', 403, { regionId: 'cn-shanghai' }],
  ['a region that is a host', 'Forbidden', 403, { regionId: 'evil.example/' }],
  ['an empty region', 'InvalidRequest', 400, { regionId: '' }],
  ['a region in the request', 'Forbidden', 403, { path: instances, request: { RegionId: 'cn-shanghai' } }],
  ['a region in another case', 'Forbidden', 403, { path: instances, request: { RegionId: 'CN-hangzhou' } }],
  [
    'a region in the request, another beside it',
    'Forbidden',
    403,
    { path: instances, regionId: 'cn-hangzhou', request: { RegionId: 'cn-shanghai' } },
  ],
  ['a region with a line break', 'Forbidden', 403, { path: instances, request: { RegionId: 'cn-hangzhou\r\nx: y' } }],
  ['more than a limit', 'Forbidden', 403, { path: run, request: { ...valid, Amount: 4 } }],
  [
    'more than a limit, exactly',
    'Forbidden',
    403,
    { path: run, body: '{"request":{"ImageId":"i","Amount":9007199254740993}}' },
  ],
  ['a limit, as text', 'Forbidden', 403, { path: run, request: { ...valid, Amount: '1' } }],
  ...['..', '.', '../nodepools'].map(
    (ClusterId) =>
      [
        `dots in a variable: ${ClusterId}`,
        ClusterId.includes('/') ? '' : 'InvalidRequest',
        400,
        { path: '/CS/2015-12-15/DescribeClusterDetail', request: { ClusterId } },
      ] as const,
  ),
  // JSON, in ways in which two readers may differ.
  ...[
    '{"request":{"\\u0041cceptLanguage":"en","AcceptLanguage":"de"}}',
    '{"request":{"AcceptLanguage":"en"},"re\\u0071uest":{}}',
    '{"request":{"a":{"\\u005f\\u005fproto\\u005f\\u005f":{}}}}',
    '{"request":{"AcceptLanguage":1e400}}',
    '{"request":{"AcceptLanguage":-1e400}}',
    '{"request":{"AcceptLanguage":1e999999999999}}',
    '{"request":{"AcceptLanguage":+1}}',
    '{"request":{"AcceptLanguage":.5}}',
    '{"request":{"AcceptLanguage":NaN}}',
    '{"request":{},}',
    '{"request":{}}\u0000',
    '\ufeff{"request":{}}',
    '\u00a0{"request":{}}',
    '{"request":{"AcceptLanguage":"\\ud800"}}',
    '{"request":{"AcceptLanguage":"\\x41"}}',
    '{"request":{"AcceptLanguage":"a\nb"}}',
    '{"request":{}}//',
    "{'request':{}}",
  ].map((body) => [`JSON: ${escape(body)}`, 'InvalidRequest', 400, { body }] as const),
  ...[[0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff, 0xfe], [0xc3]].map(
    (bytes) =>
      [
        `no UTF-8: ${bytes.join(' ')}`,
        'InvalidRequest',
        400,
        {
          body: Buffer.concat([Buffer.from('{"request":{"AcceptLanguage":"'), Buffer.from(bytes), Buffer.from('"}}')]),
        },
      ] as const,
  ),
  // One region, exactly, is what a call goes to.
  ...[
    ' cn-hangzhou',
    'cn-hangzhou ',
    'cn-hangzhou,',
    '["cn-hangzhou"]',
    'cn-hangzhou\u0000',
    'cn-hangzhou cn-beijing',
    '\ufeffcn-hangzhou',
  ].map(
    (RegionId) =>
      [`the region ${JSON.stringify(RegionId)}`, 'Forbidden', 403, { path: instances, request: { RegionId } }] as const,
  ),
  ...[' cn-hangzhou', 'cn-hangzhou,', 'CN-HANGZHOU', '__proto__'].map(
    (regionId) => [`regionId ${JSON.stringify(regionId)}`, 'Forbidden', 403, { path: instances, regionId }] as const,
  ),
  ...[
    'FFFFFFFF-FFFF-4FFF-8FFF-FFFFFFFFFFFF',
    `${newAttempt()} `.trimEnd().toUpperCase(),
    `{${newAttempt()}}`,
    `${newAttempt()}0`,
    `urn:uuid:${newAttempt()}`,
  ].map((attempt) => [`the attempt ${attempt.slice(0, 3)}…`, 'InvalidRequest', 400, { attempt }] as const),
  // Frames.
  ...[
    new Uint8Array(),
    new Uint8Array([0, 0, 0]),
    new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x7b, 0x7d]),
    frame({ request: {} }, 3),
    frame({ request: {}, contents: [] }, 0),
    frame({ request: {}, contents: [{ path: ['AcceptLanguage'], length: 3 }] }, 3),
    frame({ request: {}, contents: [{ path: ['__proto__', 'x'], length: 3 }] }, 3),
    frame({ request: {}, contents: [{ path: [], length: 3 }] }, 3),
    frame({ request: {}, contents: {} }, 3),
    frame({ request: {}, contents: [{ path: ['constructor'], length: 3 }] }, 3),
    frame({ request: {}, contents: [{ path: ['RegionId'], length: 3 }] }, 3),
    frame({ request: {}, regionId: 'cn-hangzhou', contents: 'a' }, 3),
  ].map(
    (body, index) =>
      [
        `frame ${index}`,
        'InvalidRequest',
        400,
        { body, headers: { 'content-type': 'application/vnd.rx-alicloud.call' } },
      ] as const,
  ),
];

function frame(call: unknown, length: number): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(call));
  const bytes = new Uint8Array(4 + json.length + length);
  new DataView(bytes.buffer).setUint32(0, json.length);
  bytes.set(json, 4);
  return bytes;
}

describe('a frame', () => {
  const { service } = segmentBody;
  const upload: AnyOperation = {
    service,
    action: 'Upload',
    body: 'ImageURL:s,Tasks:[{ImageURL:s,Name:s}]~j',
    upload: { product: 'imageseg', fields: ['ImageURL', 'Tasks[].ImageURL'] },
  };
  const right = { path: ['Tasks', 0, 'ImageURL'], length: 3 };

  it.each<[string, unknown, number]>([
    ['a content twice', [right, right], 6],
    ['a path of one key with a dot', [{ ...right, path: ['Tasks[].ImageURL'] }], 3],
    ['an index as text', [{ ...right, path: ['Tasks', '0', 'ImageURL'] }], 3],
    ['an index beyond the list', [{ ...right, path: ['Tasks', 1, 'ImageURL'] }], 3],
    ['an index that is none', [{ ...right, path: ['Tasks', -1, 'ImageURL'] }], 3],
    ['a fraction as index', [{ ...right, path: ['Tasks', 0.5, 'ImageURL'] }], 3],
    ['the length of a list', [{ ...right, path: ['Tasks', 'length'] }], 3],
    ['a prototype', [{ ...right, path: ['Tasks', 0, '__proto__'] }], 3],
    ['a constructor', [{ ...right, path: ['constructor', 'prototype', 'ImageURL'] }], 3],
    ['a list in place of its item', [{ ...right, path: ['Tasks'] }], 3],
    ['a field that is no bytes', [{ ...right, path: ['Tasks', 0, 'Name'] }], 3],
    [
      'a path through a content',
      [
        { path: ['ImageURL'], length: 3 },
        { path: ['ImageURL', 0], length: 3 },
      ],
      6,
    ],
    ['a length beyond the frame', [{ ...right, length: 4 }], 3],
    ['less than the frame', [{ ...right, length: 2 }], 3],
    [
      'a length below zero',
      [
        { ...right, length: -1 },
        { path: ['ImageURL'], length: 4 },
      ],
      3,
    ],
    ['a length of 2^32', [{ ...right, length: 2 ** 32 + 3 }], 3],
    ['a length beyond 2^53', [{ ...right, length: 2 ** 63 }], 3],
    ['a length as text', [{ ...right, length: '3' }], 3],
    ['a fraction as length', [{ ...right, length: 2.5 }], 3],
    ['a length that is left out', [{ path: right.path }], 3],
    ['more than that', [{ ...right, name: 'x' }], 3],
  ])('with %s is refused', async (_, contents, length) => {
    const { gateway, upstream } = siteOf({ allow: [upload] });
    const answer = await answerTo(
      { gateway },
      {
        path: `/${service.product}/${service.version}/Upload`,
        headers: { 'content-type': 'application/vnd.rx-alicloud.call' },
        body: frame({ request: { Tasks: [{ Name: 'x' }] }, contents }, length),
      },
    );
    expect([answer.code, upstream.sent.length]).toEqual(['Gateway.InvalidRequest', 0]);
  });

  it.each([
    ['JSON that is longer than a request without contents may be', upload, { request: { a: 'x'.repeat(2000) } }, 0],
    ['contents of an operation that takes none', describeRegions, { request: {}, contents: [] }, 2000],
  ] as const)('is too long with %s', async (_, operation, call, length) => {
    const { gateway } = siteOf({ allow: [operation], limits: { requestSize: 1000 } });
    const path = `/${operation.service.product}/${operation.service.version}/${operation.action}`;
    const headers = { 'content-type': 'application/vnd.rx-alicloud.call' };
    const answer = await answerTo({ gateway }, { path, headers, body: frame(call, length) });
    expect(answer).toMatchObject({ status: 413, code: 'Gateway.RequestTooLarge' });
  });
});

describe('a gateway refuses', () => {
  const shared = site();

  it.each(attacks.filter(([, code]) => code !== ''))('%s', async (_, code, status, call) => {
    const before = shared.upstream.sent.length;
    const answer = await answerTo(shared, call);
    expect([answer.code, answer.status]).toEqual([`Gateway.${code}`, status]);
    expect(answer.headers.get('vary')).toBe('origin');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(shared.upstream.sent.length - before).toBe(0);
    expect(shared.events.at(-1)).toMatchObject({ outcome: 'refused', code: answer.code, status: answer.status });
  });

  it('a variable of a path with a slash in it never as a slash', async () => {
    const before = shared.upstream.sent.length;
    await answerTo(shared, { path: '/CS/2015-12-15/DescribeClusterDetail', request: { ClusterId: '../nodepools' } });
    const urls = shared.upstream.sent.slice(before).map(({ url }) => new URL(url).pathname);
    expect(urls).toEqual(['/clusters/..%2Fnodepools']);
  });

  it('none of what is like these and right', async () => {
    const right: readonly Call[] = [
      { headers: { 'content-type': 'application/json;charset=utf-8' } },
      { headers: { 'content-type': 'application/json; charset=UTF-8' } },
      { headers: { origin: undefined } },
      { headers: { origin: undefined, 'sec-fetch-site': undefined } },
      { headers: { host: 'app.example.com:443' } },
      { regionId: 'cn-beijing' },
      { path: instances, request: { RegionId: 'cn-beijing', PageSize: 10 } },
      { path: run, request: { ...valid, Amount: 3 } },
      { path: run, request: { ImageId: 'i', InstanceType: 'ecs.t6-c1m1.large' } },
      {
        info: {
          target: '/api/alicloud/Ecs/2014-05-26/DescribeRegions',
          rawHeaders: ['Host', 'x', 'Accept-Language', 'a', 'accept-language', 'b'],
        },
      },
      { body: '{}' },
      { body: ' {"request" : {"AcceptLanguage":"\\ud83d\\ude00"}}\r\n' },
    ];
    for (const call of right)
      expect([call, (await answerTo(shared, call)).text]).toEqual([call, expect.stringContaining('"RequestId"')]);
    expect(shared.events.slice(-right.length).every(({ outcome }) => outcome === 'answered')).toBe(true);
  });

  it('lets pages of its origins ask first, and read the answer', async () => {
    const asked = await shared.gateway.handle(
      requestOf({ method: 'OPTIONS', headers: { 'access-control-request-method': 'POST', 'content-type': undefined } }),
    );
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'content-type, authorization, x-rx-alicloud-attempt',
      'access-control-allow-methods': 'POST',
    });
    const { headers } = await answerTo(shared);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    const refused = await answerTo(shared, { headers: { origin: 'https://evil.example' } });
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });
});

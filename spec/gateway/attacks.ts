/**
 * What an attacker may try against a gateway, as data: the specs send it byte by byte, docs/gateway.md lists it. It imports
 * nothing, so that a page can send those that a browser sends.
 */

export interface Wire {
  readonly method: string;
  readonly target: string;
  /** In their order, of any number of the same name. The length of the body is added where they do not say it. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Each character a byte. */
  readonly body: string;
}

export interface Attack {
  readonly group: string;
  readonly name: string;
  /** What would be gained if the gateway let it through. */
  readonly gain: string;
  /** The request, made of a good one. */
  readonly change: (good: Wire) => Wire;
  /** The bytes, where a request in order can't be made of it. */
  readonly bytes?: (text: string) => string;
  readonly status: number;
  readonly code: string;
  /** Whether the script of a page can send it as it is. */
  readonly inBrowser: boolean;
}

/** A call that is let in, by `host` and from the page's `origin`. */
export function goodCall(host: string, origin: string, attemptId: string): Wire {
  return {
    method: 'POST',
    target: '/api/alicloud/Ecs/2014-05-26/DescribeInstances',
    headers: [
      ['host', host],
      ['origin', origin],
      ['cookie', 'session=alice'],
      ['content-type', 'application/json'],
      ['x-rx-alicloud-attempt', attemptId],
    ],
    body: '{"request":{},"regionId":"cn-hangzhou"}',
  };
}

/** A request as it goes over the wire. */
export function wireText({ method, target, headers, body }: Wire): string {
  const isLong = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const all = isLong ? headers : [...headers, ['content-length', String(body.length)]];
  return `${method} ${target} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

const invalid = { status: 400, code: 'Gateway.InvalidRequest' };
const notAllowed = { status: 403, code: 'Gateway.OperationNotAllowed' };
const forbidden = { status: 403, code: 'Gateway.Forbidden' };
const notFound = { status: 404, code: 'Gateway.NotFound' };
const otherOrigin = { status: 403, code: 'Gateway.OriginNotAllowed' };
const otherHost = { status: 421, code: 'Gateway.HostNotAllowed' };
const otherType = { status: 415, code: 'Gateway.UnsupportedMediaType' };
const tooLarge = { status: 413, code: 'Gateway.RequestTooLarge' };
const tooLong = { status: 431, code: 'Gateway.HeadersTooLarge' };

type Row = readonly [
  name: string,
  gain: string,
  change: (good: Wire) => Wire,
  refusal: { status: number; code: string },
];

const at =
  (path: string) =>
  (good: Wire): Wire => ({ ...good, target: `/api/alicloud${path}` });
const target =
  (text: string) =>
  (good: Wire): Wire => ({ ...good, target: text });
const body =
  (text: string | (() => string)) =>
  (good: Wire): Wire => ({ ...good, body: typeof text === 'string' ? text : text() });
const request = (json: string): ((good: Wire) => Wire) => body(`{"request":${json},"regionId":"cn-hangzhou"}`);
/** Another value of a header, none, or two. */
const header =
  (name: string, ...values: readonly string[]) =>
  (good: Wire): Wire => ({
    ...good,
    headers: [
      ...good.headers.filter(([each]) => each !== name),
      ...values.map((value): readonly [string, string] => [name, value]),
    ],
  });
const both =
  (...changes: ((good: Wire) => Wire)[]) =>
  (good: Wire): Wire =>
    changes.reduce((wire, change) => change(wire), good);
const cluster = (id: string): ((good: Wire) => Wire) =>
  both(at('/CS/2015-12-15/DescribeClusterDetail'), request(`{"ClusterId":${JSON.stringify(id)}}`));

/** Those that a page can send. */
const pageRows: Readonly<Record<string, readonly Row[]>> = {
  'The operation': [
    ['one that is not on the list', 'deletes an instance', at('/Ecs/2014-05-26/DeleteInstance'), notAllowed],
    ['in lower case', 'passes a list that compares carelessly', at('/Ecs/2014-05-26/describeinstances'), notAllowed],
    ['the product in capitals', 'the same', at('/ECS/2014-05-26/DescribeInstances'), notAllowed],
    ['another version', 'reaches an older API', at('/Ecs/2013-01-10/DescribeInstances'), notAllowed],
    ['a name that every object has', 'finds what is not in the list', at('/Ecs/2014-05-26/constructor'), notAllowed],
    ['`__proto__`', 'the same', at('/__proto__/2014-05-26/toString'), notAllowed],
    [
      'encoded letters',
      'passes a list that compares before decoding',
      at('/Ecs/2014-05-26/Delete%49nstance'),
      notFound,
    ],
    ['a Cyrillic letter', 'looks like one of the list', at('/Ecs/2014-05-26/Describ%D0%B5Instances'), notFound],
    [
      'letters of full width',
      'the same, after normalisation',
      at('/%EF%BC%A5cs/2014-05-26/DescribeInstances'),
      notFound,
    ],
    [
      '`Action` in the query',
      'has another operation signed',
      at('/Ecs/2014-05-26/DescribeInstances?Action=DeleteInstance'),
      invalid,
    ],
    [
      '`Version` in the query',
      'reaches an older API',
      at('/Ecs/2014-05-26/DescribeInstances?Version=2013-01-10'),
      invalid,
    ],
    ['`Action` in the request', 'has another operation signed', request('{"Action":"DeleteInstance"}'), invalid],
    ['`Version` in the request', 'reaches an older API', request('{"Version":"2013-01-10"}'), invalid],
    [
      '`Action` beside the request',
      'has another operation signed',
      body('{"request":{},"Action":"DeleteInstance"}'),
      invalid,
    ],
    ['parameters of signatures', 'has another key used', request('{"AccessKeyId":"other","Signature":"x"}'), invalid],
    [
      'another method',
      'passes what is checked for POST',
      (good) => ({ ...good, method: 'PUT' }),
      { status: 405, code: 'Gateway.MethodNotAllowed' },
    ],
  ],
  'The path': [
    ['an encoded slash', 'is another path behind a proxy', at('/Ecs%2F2014-05-26/DescribeInstances'), notFound],
    ['a slash more', 'the same', at('/Ecs/2014-05-26/DescribeInstances/'), notFound],
    ['two slashes', 'the same', at('//Ecs/2014-05-26/DescribeInstances'), notFound],
    ['dots in a variable of the path', 'calls another resource', cluster('..'), invalid],
    ['a dot', 'the same', cluster('.'), invalid],
    ['nothing', 'lists all of them', cluster(''), invalid],
  ],
  'The region': [
    [
      'one that is not on the list',
      'looks into another region',
      body('{"request":{},"regionId":"us-west-1"}'),
      forbidden,
    ],
    ['inside of the request', 'passes a check of `regionId` alone', request('{"RegionId":"us-west-1"}'), forbidden],
    ['in capitals', 'passes a list that compares carelessly', request('{"RegionId":"CN-HANGZHOU"}'), forbidden],
    [
      'a host in its place',
      'has the signature sent elsewhere',
      body('{"request":{},"regionId":"x.attacker.example/#"}'),
      forbidden,
    ],
  ],
  'The endpoint': [
    ['in the body', 'has the signature sent elsewhere', body('{"request":{},"endpoint":"attacker.example"}'), invalid],
    ['a network in the body', 'the same', body('{"request":{},"network":"vpc"}'), invalid],
    [
      'headers in the body',
      'has headers signed',
      body('{"request":{},"headers":{"x-acs-action":"DeleteInstance"}}'),
      invalid,
    ],
    [
      'credentials in the body',
      'has another key used',
      body('{"request":{},"credentials":{"accessKeyId":"a"}}'),
      invalid,
    ],
  ],
  'The body': [
    [
      'a form',
      'comes from any page without a preflight',
      both(header('content-type', 'application/x-www-form-urlencoded'), body('request=')),
      otherType,
    ],
    ['plain text', 'the same', header('content-type', 'text/plain'), otherType],
    [
      'multipart',
      'the same',
      both(header('content-type', 'multipart/form-data; boundary=b'), body('--b--')),
      otherType,
    ],
    [
      'another character set',
      'is read otherwise',
      header('content-type', 'application/json;charset=utf-16'),
      otherType,
    ],
    ['a type that only begins so', 'the same', header('content-type', 'application/json-patch+json'), otherType],
    ['compressed', 'is a thousand times as long', header('content-encoding', 'gzip'), otherType],
    ['of 10 MB', 'fills the memory', body(() => `{"request":{"InstanceName":"${'x'.repeat(10 << 20)}"}}`), tooLarge],
    ['no JSON', 'crashes the reader', body('{"request":'), invalid],
    ['two documents', 'is read otherwise', body('{"request":{}}{"request":{}}'), invalid],
    ['a list', 'the same', body('[]'), invalid],
    ['bytes that are no UTF-8', 'is read otherwise', body('{"request":{"InstanceName":"\xff"}}'), invalid],
    [
      'a name twice',
      'has one value checked, another sent',
      request('{"RegionId":"cn-hangzhou","RegionId":"us-west-1"}'),
      invalid,
    ],
    [
      'a name twice, once escaped',
      'the same',
      request('{"RegionId":"cn-hangzhou","\\u0052egionId":"us-west-1"}'),
      invalid,
    ],
    ['`request` twice', 'the same', body('{"request":{},"request":{"InstanceName":"x"}}'), invalid],
    ['`__proto__`', 'changes all objects of the server', request('{"__proto__":{"isAdmin":true}}'), invalid],
    ['`__proto__`, escaped', 'the same', request('{"\\u005f_proto__":{"isAdmin":true}}'), invalid],
    ['`constructor`', 'the same', request('{"constructor":{"prototype":{"isAdmin":true}}}'), invalid],
    [
      '`__proto__` beside the request',
      'the same',
      body('{"request":{},"__proto__":{"regionId":"us-west-1"}}'),
      invalid,
    ],
    [
      '100,000 nested arrays',
      'overflows the stack',
      request(`{"Tag":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
      invalid,
    ],
    [
      '5,000 tags',
      'keeps the server busy',
      request(`{"Tag":[${Array.from({ length: 5_000 }, (_, i) => `{"Key":"k${i}"}`).join()}]}`),
      invalid,
    ],
    ['5,000 fields', 'the same', request(`{${Array.from({ length: 5_001 }, (_, i) => `"k${i}":1`).join()}}`), invalid],
    ['a number of 100,000 digits', 'the same', request(`{"PageSize":${'9'.repeat(100_000)}}`), invalid],
    ['a type that is not the field’s', 'confuses the service', request('{"PageSize":{"$gt":1}}'), invalid],
    [
      'more than a limit of the list',
      'launches a thousand machines',
      both(at('/Ecs/2014-05-26/RunInstances'), request('{"Amount":1000}')),
      forbidden,
    ],
    [
      'a frame that ends before its JSON',
      'reads what is behind it',
      both(header('content-type', 'application/vnd.rx-alicloud.call'), body('\x7f\xff\xff\xff{}')),
      invalid,
    ],
  ],
  'The attempt': [
    ['without an id', 'comes from any page without a preflight', header('x-rx-alicloud-attempt'), invalid],
    ['an id that is none', 'finds another’s answer', header('x-rx-alicloud-attempt', 'an-id'), invalid],
    ['an id in capitals', 'the same', header('x-rx-alicloud-attempt', '6F9619FF-8B86-4D01-B42D-00CF4FC964FF'), invalid],
  ],
};

/** Those that take a socket of one's own, or a page of another origin. */
const socketRows: Readonly<Record<string, readonly Row[]>> = {
  'Who calls, and from where': [
    ['nobody', 'acts in the name of the gateway', header('cookie'), { status: 401, code: 'Gateway.Unauthenticated' }],
    [
      'a session that is over',
      'the same',
      header('cookie', 'session=mallory'),
      { status: 401, code: 'Gateway.Unauthenticated' },
    ],
    ['two cookies', 'has one checked, another believed', header('cookie', 'session=mallory', 'session=alice'), invalid],
    [
      'a page of another origin',
      'acts in the name of its visitor',
      header('origin', 'https://attacker.example'),
      otherOrigin,
    ],
    ['another port of the origin', 'the same', header('origin', 'http://localhost:4201'), otherOrigin],
    ['another scheme of the origin', 'the same', header('origin', 'https://localhost:4200'), otherOrigin],
    [
      'an origin that only begins so',
      'the same',
      header('origin', 'http://localhost:4200.attacker.example'),
      otherOrigin,
    ],
    ['the origin `null`', 'the same, from a sandboxed frame', header('origin', 'null'), otherOrigin],
    [
      'two origins',
      'has one checked, another believed',
      header('origin', 'http://localhost:4200', 'https://attacker.example'),
      invalid,
    ],
    [
      'another site, without an origin',
      'acts in the name of its visitor',
      both(header('origin'), header('sec-fetch-site', 'cross-site')),
      otherOrigin,
    ],
    [
      'another port of the site, without an origin',
      'the same',
      both(header('origin'), header('sec-fetch-site', 'same-site')),
      otherOrigin,
    ],
    [
      'a form of another origin',
      'the same, without a preflight',
      both(
        header('origin', 'https://attacker.example'),
        header('content-type', 'application/x-www-form-urlencoded'),
        header('x-rx-alicloud-attempt'),
      ),
      otherOrigin,
    ],
    [
      'plain text of another port',
      'the same',
      both(
        header('origin', 'http://localhost:4201'),
        header('content-type', 'text/plain'),
        header('x-rx-alicloud-attempt'),
      ),
      otherOrigin,
    ],
    [
      'multipart of another origin',
      'the same',
      both(
        header('origin', 'https://attacker.example'),
        header('content-type', 'multipart/form-data; boundary=b'),
        header('x-rx-alicloud-attempt'),
      ),
      otherOrigin,
    ],
    [
      'the preflight of another origin',
      'learns that it may call',
      both(header('origin', 'https://attacker.example'), header('access-control-request-method', 'POST'), (good) => ({
        ...good,
        method: 'OPTIONS',
        body: '',
      })),
      otherOrigin,
    ],
    [
      'a host that is not the gateway’s',
      'makes a name lead here (DNS rebinding)',
      header('host', 'attacker.example'),
      otherHost,
    ],
    ['another port of the host', 'the same', header('host', '127.0.0.1:1'), otherHost],
    [
      'a forwarded host',
      'passes for a host of the gateway',
      both(header('host', 'attacker.example'), header('x-forwarded-host', 'localhost:4200')),
      otherHost,
    ],
    ['two hosts', 'is another host for a proxy', header('host', 'localhost:4200', 'attacker.example'), invalid],
    ['a host with a user', 'is another host for a URL', header('host', 'localhost:4200@attacker.example'), invalid],
    ['a host with a path', 'is another path for a URL', header('host', 'localhost:4200/x?'), invalid],
    ['an empty host', 'belongs to nobody', header('host', ''), invalid],
    [
      'two attempts',
      'has one checked, another kept',
      header('x-rx-alicloud-attempt', '6f9619ff-8b86-4d01-b42d-00cf4fc964ff', '6f9619ff-8b86-4d01-b42d-00cf4fc964f0'),
      invalid,
    ],
    [
      'two content types',
      'has one checked, another believed',
      header('content-type', 'application/json', 'text/plain'),
      invalid,
    ],
    ['two authorizations', 'the same', header('authorization', 'Bearer a', 'Bearer b'), invalid],
  ],
  'The target': [
    [
      'a URL',
      'goes to another host',
      target('http://attacker.example/api/alicloud/Ecs/2014-05-26/DescribeInstances'),
      invalid,
    ],
    [
      'a URL of a metadata service',
      'reads the credentials of the machine',
      target('http://100.100.100.200/latest/meta-data/'),
      invalid,
    ],
    ['dots', 'is another path behind a proxy', at('/Ecs/2014-05-26/../2014-05-26/DescribeInstances'), invalid],
    ['encoded dots', 'the same', at('/Ecs/2014-05-26/%2e%2e/2014-05-26/DescribeInstances'), invalid],
    ['a backslash', 'the same', at('\\Ecs\\2014-05-26\\DescribeInstances'), invalid],
    ['a fragment', 'hides what follows', at('/Ecs/2014-05-26/DescribeInstances#/x'), invalid],
    [
      'a host behind slashes',
      'goes to another host',
      target('//attacker.example/api/alicloud/Ecs/2014-05-26/DescribeInstances'),
      notFound,
    ],
    ['`*`', 'asks for everything', (good) => ({ ...good, method: 'OPTIONS', target: '*', body: '' }), invalid],
    [
      'CONNECT',
      'opens a tunnel',
      (good) => ({ ...good, method: 'CONNECT', target: 'attacker.example:443', body: '' }),
      invalid,
    ],
    ['TRACE', 'reads the cookies of a page', (good) => ({ ...good, method: 'TRACE', body: '' }), invalid],
    [
      'another protocol',
      'goes past what is checked',
      both(header('connection', 'upgrade'), header('upgrade', 'websocket')),
      invalid,
    ],
    ['an expectation', 'has an answer before the answer', header('expect', '100-continue'), invalid],
    ['longer than 16 KiB', 'fills the memory', target(`/api/alicloud/${'a'.repeat(20_000)}`), tooLong],
    ['bytes beyond ASCII', 'is another path for others', at('/Ecs/2014-05-26/Describ\xd0\xb5Instances'), invalid],
    ['NUL', 'ends the path for others', at('/Ecs/2014-05-26/DescribeInstances\0x'), invalid],
  ],
  'How long it is': [
    [
      'a length and chunks',
      'hides a request in the body',
      both(header('content-length', '4'), header('transfer-encoding', 'chunked'), body('0\r\n\r\n')),
      invalid,
    ],
    [
      'chunks and a length',
      'the same',
      both(header('transfer-encoding', 'chunked'), header('content-length', '4'), body('0\r\n\r\n')),
      invalid,
    ],
    ['two lengths', 'the same', both(header('content-length', '0', '39')), invalid],
    ['the same length twice', 'the same', both(header('content-length', '39', '39')), invalid],
    ['a length with a sign', 'the same', header('content-length', '+39'), invalid],
    [
      'an unknown transfer coding',
      'the same',
      both(header('transfer-encoding', 'xchunked'), body('0\r\n\r\n')),
      invalid,
    ],
    [
      'a coding beside chunked',
      'the same',
      both(header('transfer-encoding', 'gzip, chunked'), body('0\r\n\r\n')),
      invalid,
    ],
    [
      'two transfer codings',
      'the same',
      both(header('transfer-encoding', 'chunked', 'identity'), body('0\r\n\r\n')),
      invalid,
    ],
    [
      'a chunk longer than it says',
      'the same',
      both(header('transfer-encoding', 'chunked'), body('2\r\n{}{}\r\n0\r\n\r\n')),
      invalid,
    ],
    ['a head longer than 16 KiB', 'fills the memory', header('x-long', 'a'.repeat(20_000)), tooLong],
    [
      'more than a hundred headers',
      'has one of them dropped',
      header('x-many', ...Array.from({ length: 100 }, () => 'a')),
      tooLong,
    ],
  ],
};

type ByteRow = readonly [
  name: string,
  gain: string,
  bytes: (text: string) => string,
  refusal: { status: number; code: string },
];

/** What is no HTTP at all. */
const byteRows: readonly ByteRow[] = [
  ['a header over two lines', 'hides a header', (text) => text.replace('session=alice', 'session=\r\n alice'), invalid],
  ['a header in front of all', 'the same', (text) => text.replace('\r\nhost', '\r\n host'), invalid],
  ['a space before the colon', 'the same', (text) => text.replace('content-length:', 'content-length :'), invalid],
  ['a header without a colon', 'the same', (text) => text.replace('\r\n\r\n', '\r\nx-a\r\n\r\n'), invalid],
  ['NUL in a header', 'ends it for others', (text) => text.replace('alice', 'alice\0bob'), invalid],
  ['CR in a header', 'hides a header', (text) => text.replace('alice', 'alice\rx-a: b'), invalid],
  ['LF in a header', 'the same', (text) => text.replace('alice', 'alice\nx-a: b'), invalid],
  ['lines that end in LF', 'is another request for others', (text) => text.replaceAll('\r\n', '\n'), invalid],
  [
    'HTTP/0.9',
    'goes past what is checked',
    () => 'POST /api/alicloud/Ecs/2014-05-26/DescribeInstances\r\n\r\n',
    invalid,
  ],
  ['HTTP/1.0', 'hides a request behind it', (text) => text.replace('HTTP/1.1', 'HTTP/1.0'), invalid],
  ['HTTP/1.2', 'the same', (text) => text.replace('HTTP/1.1', 'HTTP/1.2'), invalid],
  ['HTTP/2', 'goes past what is checked', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', invalid],
  ['TLS', 'the same', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', invalid],
  ['an unknown method', 'the same', (text) => text.replace('POST', 'STEAL'), invalid],
  [
    'a good call behind a bad one',
    'goes past what is checked',
    (text) => text.replace('HTTP/1.1', 'HTTP/1.0') + text,
    invalid,
  ],
  [
    'a good call in the body of a bad one',
    'the same',
    (text) => text.replace('cookie', 'transfer-encoding: chunked\r\ncookie') + text,
    invalid,
  ],
];

const same = (good: Wire): Wire => good;

export const attacks: readonly Attack[] = [
  ...rowsOf(pageRows, true),
  ...rowsOf(socketRows, false),
  ...byteRows.map(([name, gain, bytes, refusal]): Attack => ({
    group: 'No HTTP',
    name,
    gain,
    change: same,
    bytes,
    ...refusal,
    inBrowser: false,
  })),
];

function rowsOf(groups: Readonly<Record<string, readonly Row[]>>, inBrowser: boolean): Attack[] {
  return Object.entries(groups).flatMap(([group, rows]) =>
    rows.map(([name, gain, change, refusal]): Attack => ({ group, name, gain, change, ...refusal, inBrowser })),
  );
}

/** Servers explain errors with what they were sent. Whatever they echo, and in whatever writing, nothing that is shown of the call tells it. */
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { inspect } from 'node:util';
import { EMPTY, lastValueFrom, of, throwError, type Observable } from 'rxjs';
import { AlicloudClient, accessKey, lineLogger, stsToken, type CallEvent, type Operation } from '../../lib/index.js';
import { telemetry } from '../../lib/opentelemetry/index.js';
import type { HttpHead, HttpRequest, HttpResponse } from '../../lib/transport/transport.js';

const key =
  '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA0hunter2\nq/+w0hunter2q/+w==\n-----END RSA PRIVATE KEY-----';
const password = 'hUnter2+/="<&>\'\\ é';
const keyLine = 'MIIEowIBAAKCAQEA0hunter2';

const serviceOf = (product: string): Operation<never, unknown>['service'] => ({
  product,
  version: '2020-01-01',
  endpoints: { prefix: product, rule: 'central', regions: {} },
});

/** A request, and what is secret of it. */
const requests: [
  what: string,
  product: string,
  parts: Partial<Operation<never, unknown>>,
  request: object,
  secrets: string[],
][] = [
  ['a password in the query', 'Ecs', { query: 'Password:s' }, { Password: password }, [password]],
  [
    'a password in a form',
    'Ecs',
    { body: 'Accounts:[{Password:s}]' },
    { Accounts: [{ Password: password }] },
    [password],
  ],
  ['one in JSON', 'Ecs', { path: '/a', body: 'login:{password:s}' }, { login: { password } }, [password]],
  [
    'one in JSON in a field',
    'Vpc',
    { query: 'IkeConfig:s' },
    { IkeConfig: JSON.stringify({ Psk: password }) },
    [password],
  ],
  ['one in a header', 'Ecs', { header: 'x-auth-token:s' }, { 'x-auth-token': 'hunter2/+Token' }, ['hunter2/+Token']],
  ...['Psk', 'AuthKey', 'ServerKey', 'Cak', 'SSLPri', 'ClientKey', 'AppCode', 'ExternalId', 'VncPassword'].map(
    (name): (typeof requests)[number] => [name, 'Vpc', { body: `${name}:s` }, { [name]: password }, [password]],
  ),
  ['a private key', 'Cdn', { body: 'SSLPri:s' }, { SSLPri: key }, [key, keyLine]],
  ["CAS' key", 'cas', { query: 'Key:s' }, { Key: password }, [password]],
  ['a private key under any name', 'Ecs', { query: 'Content:s' }, { Content: key }, [key, keyLine]],
  ["a role's policy", 'Sts', { query: 'Policy:s' }, { Policy: '{"Statement":"hunter2"}' }, ['{"Statement":"hunter2"}']],
  ['a kubeconfig', 'CS', { path: '/c', body: 'config:s' }, { config: 'users:\n- token: hunter2Tok' }, ['hunter2Tok']],
  ['a number', 'Iot', { query: 'PinCode:n' }, { PinCode: 73914682 }, ['73914682']],
  [
    'the value of a parameter whose name is a secret',
    'ROS',
    { query: 'Parameters:[{ParameterKey:s,ParameterValue:s}]' },
    { Parameters: [{ ParameterKey: 'DbPassword', ParameterValue: password }] },
    [password],
  ],
];

/** How a server may write what it was sent. */
const writings: [how: string, write: (text: string) => string][] = [
  ['as it came', (text) => text],
  ['in JSON', jsonOf],
  ['in JSON twice', (text) => jsonOf(jsonOf(text))],
  ['with its letters escaped', (text) => text.replace(/[^]/g, (c) => `\\u${hexOf(c).padStart(4, '0')}`)],
  ['with some letters escaped', (text) => text.replace(/[a-f]/g, (c) => `\\u00${hexOf(c).toUpperCase()}`)],
  [
    'with its bytes escaped',
    (text) => [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  ],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded twice', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['percent-encoded, letters too', (text) => Buffer.from(text).toString('hex').replace(/../g, '%$&')],
  ['in a form', (text) => new URLSearchParams({ a: text }).toString().slice(2)],
  ['in XML', (text) => text.replace(/[^\w\s]/g, (c) => `&#x${hexOf(c)};`)],
  ['in XML in JSON', (text) => jsonOf(text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`))],
  ['in base64', (text) => Buffer.from(text).toString('base64')],
  ['in base64 with something before it', (text) => Buffer.from(`user:${text}`).toString('base64')],
  ['in base64 with something around it', (text) => Buffer.from(`{"${text}"}`).toString('base64')],
  ['in base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
  ['in base64, percent-encoded', (text) => encodeURIComponent(Buffer.from(text).toString('base64'))],
  [
    'in base64, percent-encoded twice',
    (text) => encodeURIComponent(encodeURIComponent(Buffer.from(text).toString('base64'))),
  ],
  ['in hex', (text) => Buffer.from(text).toString('hex')],
  ['in hex, in capitals', (text) => Buffer.from(text).toString('hex').toUpperCase()],
];

function jsonOf(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16);
}

/** Where a server may put it. */
const answers: [where: string, of: (text: string) => HttpResponse][] = [
  ['a message', (text) => json(400, { Code: 'InvalidParameter', Message: `bad: ${text}`, RequestId: 'r' })],
  [
    'a refused signature',
    (text) => json(400, { Code: 'SignatureDoesNotMatch', Message: `server string to sign is:${text}` }),
  ],
  [
    'a detail',
    (text) => json(403, { Code: 'NoPermission', AccessDeniedDetail: { Reason: text }, HostId: text, Recommend: text }),
  ],
  ['a nested error', (text) => json(400, { error: { code: 'Bad', message: text }, request_id: text })],
  [
    'XML',
    (text) => ({
      status: 400,
      headers: {},
      body: `<Error><Code>X</Code><Message><![CDATA[${text}]]></Message></Error>`,
    }),
  ],
  ['a page', (text) => ({ status: 502, headers: { 'content-type': 'text/html' }, body: `<p>${text}</p>` })],
  [
    'headers',
    (text) => ({
      status: 400,
      headers: { 'x-ca-error-message': text, 'x-ca-error-code': text, 'x-acs-request-id': text, 'set-cookie': text },
      body: '',
    }),
  ],
  ['what should be JSON', (text) => ({ status: 200, headers: {}, body: text })],
];

function json(status: number, body: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Makes a call, and gives all that is shown of it. */
async function shownOf(
  answer: (request: HttpRequest) => Observable<HttpResponse>,
  called: Operation<never, unknown>,
  request: object,
  stream?: () => Observable<HttpHead | Uint8Array>,
): Promise<string> {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const lines: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  process.env.DEBUG = 'rx-alicloud:*';
  const template = '{req_headers} {req_body} {uri} {code} {res_headers} {res_body} {error}';
  const client = new AlicloudClient({
    regionId: 'cn-hangzhou',
    credentials: stsToken('LTAI5tSecretOwner', 'kJ3hunter2Secret', 'CAIS+hunter2/token=='),
    retry: false,
    transport: { send: answer, ...(stream === undefined ? {} : { stream }) },
    logger: lineLogger({ template, log: (line) => lines.push(line) }),
    ...telemetry({ tracerProvider }),
  });
  delete process.env.DEBUG;
  const events: CallEvent[] = [];
  client.events$.subscribe((event) => events.push(event));
  const failed = lastValueFrom(client.call(called as Operation<object, unknown>, request)).then(
    (value) => ({ value }),
    (error: unknown) => error as Error,
  );
  const error = await failed;
  write.mockRestore();
  if (!(error instanceof Error)) throw new Error('Expected an error');
  const everything = (value: unknown): string =>
    inspect(value, { depth: Infinity, showHidden: true, maxStringLength: null, maxArrayLength: null });
  const told = [
    error,
    ...chainOf(error),
    ...events,
    client,
    ...exporter.getFinishedSpans().map(({ attributes, events: seen, status }) => ({ attributes, seen, status })),
  ];
  return [
    ...lines,
    String(error),
    error.message,
    error.stack,
    ...told.flatMap((each) => [JSON.stringify(each), everything(each)]),
    ...Object.values(error).map(String),
  ].join('\n');
}

function chainOf({ cause }: Error): unknown[] {
  return cause instanceof Error
    ? [cause, cause.message, cause.stack, ...chainOf(cause)]
    : cause === undefined
      ? []
      : [cause];
}

function expectNone(shown: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    for (const [how, write] of writings) {
      const written = write(secret);
      if (shown.includes(written))
        throw new Error(
          `${JSON.stringify(written)} is shown, ${how}: ${shown.slice(Math.max(0, shown.indexOf(written) - 200), shown.indexOf(written) + 100)}`,
        );
    }
  }
}

describe.each(requests)('%s', (_what, product, parts, request, secrets) => {
  const called = { service: serviceOf(product), action: 'CreateThing', response: '{A:n}', ...parts } as Operation<
    never,
    unknown
  >;

  it.each(answers)('is shown nowhere, echoed in %s', async (_where, answer) => {
    const all = [...secrets, 'kJ3hunter2Secret', 'CAIS+hunter2/token=='];
    const echo = writings.map(([, write]) => all.map(write).join(' ')).join(' | ');
    expectNone(await shownOf(() => of(answer(echo)), called, request), all);
  });

  it('is shown nowhere, the whole request echoed', async () => {
    const echo = ({ url, headers, body }: HttpRequest): string => [url, ...Object.values(headers), body].join('\n');
    for (const [, answer] of answers) {
      expectNone(await shownOf((http) => of(answer(echo(http))), called, request), secrets);
    }
  });

  it('is shown nowhere, in the place of a stream', async () => {
    const echo = writings.map(([, write]) => secrets.map(write).join(' ')).join(' | ');
    const head = { status: 200, headers: { 'content-type': 'application/json', 'x-echo': echo } };
    const stream = (): Observable<HttpHead | Uint8Array> => of(head, new TextEncoder().encode(`{"a":"${echo}"}`));
    expectNone(await shownOf(() => EMPTY, { ...called, responseType: 'events' }, request, stream), secrets);
  });

  it('is shown nowhere, thrown by a transport', async () => {
    const thrown = (text: string): unknown[] => [
      new Error(`failed: ${text}`),
      Object.assign(new Error('failed', { cause: { message: text } }), { config: { data: text }, [Symbol('s')]: text }),
      Object.assign(new TypeError('Parse Error'), { code: 'HPE_INVALID', data: text }),
      new AggregateError([new Error(text), { message: text }], 'all failed'),
      { message: text, status: 502, cause: { message: text, response: text } },
      text,
    ];
    for (const error of thrown(writings.map(([, write]) => secrets.map(write).join(' ')).join(' | '))) {
      expectNone(await shownOf(() => throwError(() => error), called, request), secrets);
    }
  });
});

describe('what is read of an answer', () => {
  const called = {
    service: serviceOf('Ecs'),
    action: 'DescribeThing',
    query: 'Password:s',
    response: '{}',
  } as Operation<never, unknown>;
  const errorFor = (response: HttpResponse, secret: string, request = {}): Promise<unknown> => {
    const client = new AlicloudClient({
      regionId: 'r',
      credentials: accessKey('ak', secret),
      retry: false,
      transport: { send: () => of(response) },
    });
    return lastValueFrom(client.call(called as Operation<object, unknown>, request)).then(
      () => undefined,
      (error: unknown) => error,
    );
  };

  it.each(['User', 'Throttling', 'r', 'sk', 'secret', '0C3A-11'])(
    'is what it was, with the secret %s',
    async (secret) => {
      const told = { Code: 'Throttling.User', Message: 'The secret of the User.', RequestId: '0C3A-11' };
      expect(await errorFor(json(400, told), secret)).toMatchObject({
        code: 'Throttling.User',
        requestId: '0C3A-11',
      });
    },
  );

  it.each(['User', 'sk', 'secret', 'r'])(
    'is shown as it came, where %s is too short to be a secret',
    async (secret) => {
      const error = await errorFor(json(400, { Code: 'X', Message: 'The secret of the User.' }), secret);
      expect(error).toMatchObject({ message: expect.stringMatching(/^The secret of the User\. /) as string });
    },
  );

  it('keeps the message of a foreign transport, its status and its cause', async () => {
    const reason = { message: 'Forbidden by the gateway', status: 403, cause: new RangeError('too far'), extra: 1 };
    const transport = { send: () => throwError(() => reason) };
    const client = new AlicloudClient({
      regionId: 'r',
      credentials: accessKey('ak', 'a-secret'),
      retry: false,
      transport,
    });
    const error = await lastValueFrom(client.call(called as Operation<object, unknown>, {})).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'SDK.Unexpected',
      status: 403,
      cause: { message: reason.message, status: 403 },
    });
    expect((error as Error).message).toMatch(/^Forbidden by the gateway \(/);
    expect(((error as Error).cause as Error).cause).toBe(reason.cause);
  });
});

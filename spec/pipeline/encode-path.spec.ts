import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { UntypedRequest } from '../../lib/codec/untyped.js';
import type { Service } from '../../lib/service.js';
import { seeded } from '../async/seeded.js';
import { defaultOptions, errorOf, MemoryTransport, operation, pipelineOver, sentFor, service } from './support.js';

/** What a template or a value may be made of to get somewhere else. */
const piece = fc.oneof(
  fc.constantFrom(
    ...['/', '//', '\\', '@', ':', '?', '#', '.', '..', '%2e', '%2F', '%', '\t', '\n', '\r', '\0', ' ', 'evil.example'],
    ...[
      '//evil.example',
      '.evil.example',
      ':80',
      '@evil.example',
      '://',
      'é',
      '杭',
      '\u2028',
      '；',
      '\ud800',
      '{',
      '}',
      '+',
      '*',
      '~',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
const template = fc
  .array(fc.oneof(text, fc.constantFrom('{A}', '{B}', '/{A}', '/a/')), { maxLength: 4 })
  .map((parts) => parts.join(''));

/** What the transport was given, if anything. */
async function urlFor(
  call: (transport: MemoryTransport) => ReturnType<AlicloudClient['request']>,
): Promise<string | undefined> {
  const transport = new MemoryTransport();
  await lastValueFrom(call(transport)).catch((error: unknown) => {
    expect(error).toMatchObject({ kind: 'client', code: expect.stringMatching(/^SDK\.Invalid/) as string });
  });
  return transport.sent[0]?.url;
}

/** That it arrives where it was signed for, and as it was signed. */
function expectAt(endpoint: string, url: string | undefined): void {
  if (url === undefined) return;
  const { origin, pathname } = new URL(url);
  expect(origin).toBe(endpoint);
  expect(url.slice(endpoint.length).split('?')[0]).toBe(pathname);
}

describe('the host of a call', () => {
  it("is the endpoint's, whatever stands in a descriptor's path and its variables", async () => {
    await fc.assert(
      fc.asyncProperty(template, text, text, async (path, A, B) => {
        const called = operation({ path, method: 'GET' });
        const url = await urlFor((transport) =>
          pipelineOver(transport, { endpoint: 'http://localhost:1' }).call(called, { A, B }),
        );
        expectAt('http://localhost:1', url);
      }),
      seeded(1000),
    );
  });

  it("is the endpoint's, whatever stands in an untyped request", async () => {
    await fc.assert(
      fc.asyncProperty(template, text, text, async (path, A, B) => {
        const request = { product: 'CS', version: '2015-12-15', action: 'X', path, pathVariables: { A, B } };
        const url = await urlFor((transport) => new AlicloudClient({ ...defaultOptions, transport }).request(request));
        expectAt('https://cs.cn-hangzhou.aliyuncs.com', url);
      }),
      seeded(1000),
    );
  });

  it.each(['evil.example/', 'evil.example?', 'evil.example#', 'me@evil.example', 'a b', 'a\n', '\\evil', '', '.'])(
    "is refused where a descriptor's prefix is %j",
    async (prefix) => {
      for (const rule of ['regional', 'central'] as const) {
        const of: Service = { ...service, endpoints: { prefix, rule, regions: {} } };
        const transport = new MemoryTransport();
        const error = await errorOf(pipelineOver(transport).call(operation({ service: of }), {}));
        expect(error).toMatchObject({ kind: 'client', code: 'SDK.InvalidConfiguration' });
        expect(transport.sent).toEqual([]);
      }
    },
  );
});

describe('a path that is one variable', () => {
  const whole = operation({ path: '{requestPath}', method: 'GET' });

  it.each([
    '/api/v1/providers/aliyun/products/ECS/resources/Instance',
    '/a%2Fb/',
    "/a-._~!$&'()*+,;=:@b",
    '/a//b',
    '/...',
    '/',
  ])('is sent as it is given: %s', async (requestPath) => {
    expect((await sentFor(whole, { requestPath })).url).toBe(`https://ecs.cn-hangzhou.aliyuncs.com${requestPath}`);
  });

  it.each([
    '.evil.example',
    '@evil.example',
    'a',
    '',
    '//evil.example',
    '/\\evil',
    '/a/../b',
    '/a/%2E%2e',
    '/a?b=c',
    '/a#b',
    '/é',
    '/a b',
    '/a\n',
    '/%zz',
  ])('is refused where it is none: %j', async (requestPath) => {
    const transport = new MemoryTransport();
    const error = await errorOf(pipelineOver(transport).call(whole, { requestPath }));
    expect(error.message).toBe(
      `DescribeZones was not sent. Expected \`requestPath\` to be a path that begins with one '/', percent-encoded, without . and .. in it, got ${JSON.stringify(requestPath)}`,
    );
    expect(transport.sent).toEqual([]);
  });

  it('may be followed by a query', async () => {
    const called = operation({ path: '{requestPath}?a=b', method: 'GET' });
    expect((await sentFor(called, { requestPath: '/x' })).url).toBe('https://ecs.cn-hangzhou.aliyuncs.com/x?a=b');
  });
});

it('a path begins with a slash, even where its template does not', async () => {
  const called = operation({ path: '{A}/x', method: 'GET' });
  expect((await sentFor(called, { A: '.evil/' })).url).toBe('https://ecs.cn-hangzhou.aliyuncs.com/.evil%2F/x');
});

it('an untyped request may have one variable for its path', async () => {
  const request: UntypedRequest = {
    product: 'CS',
    version: '1',
    action: 'X',
    path: '{P}',
    pathVariables: { P: '/a/b' },
  };
  const url = await urlFor((transport) => new AlicloudClient({ ...defaultOptions, transport }).request(request));
  expect(url).toBe('https://cs.cn-hangzhou.aliyuncs.com/a/b');
});

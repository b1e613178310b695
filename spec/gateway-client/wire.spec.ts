import { Readable } from 'node:stream';
import fc from 'fast-check';
import { firstValueFrom, lastValueFrom, of, toArray } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { parseJson } from '../../lib/schema/json.js';
import type { Content } from '../../lib/service.js';
import { describeInstances, runInstances } from '../../lib/services/ecs.js';
import { answer, errorOf, MemoryTransport } from '../pipeline/support.js';
import { Gateway, json, opened, operation } from './support.js';

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

describe('what a gateway is sent', () => {
  let gateway: Gateway;
  beforeAll(async () => (gateway = await Gateway.open()));
  afterEach(() => gateway.forget());
  afterAll(() => gateway.close());

  it('is the typed request as JSON, under the path of its operation', async () => {
    gateway.reply = (_request, response) => json(response, { TotalCount: 0, RequestId: 'r' });
    const request = { RegionId: 'cn-beijing', PageSize: 10, Tag: [{ Key: 'a', Value: 'b' }], InstanceIds: '["i-1"]' };
    expect(await firstValueFrom(gateway.client().call(describeInstances, request))).toMatchObject({ TotalCount: 0 });
    const [received] = gateway.received;
    expect(received).toMatchObject({ method: 'POST', path: '/api/alicloud/Ecs/2014-05-26/DescribeInstances' });
    const { 'x-rx-alicloud-attempt': attempt, 'user-agent': agent, ...headers } = received?.headers ?? {};
    expect(attempt).toMatch(uuid);
    expect(agent).toMatch(/^rx-alicloud\//);
    // And nothing else: no signature, no date, no nonce.
    expect(headers).toEqual({
      host: expect.stringMatching(/^127\.0\.0\.1:/) as string,
      connection: 'keep-alive',
      'accept-encoding': expect.any(String) as string,
      'content-type': 'application/json',
      'content-length': String(received?.body.length),
      accept: 'application/json',
    });
    expect(JSON.parse(String(received?.body))).toEqual({ request, regionId: 'cn-beijing' });
  });

  it.each([
    ['the client', {}, {}, 'cn-hangzhou'],
    ['the request', { RegionId: 'cn-beijing' }, {}, 'cn-beijing'],
    ['the call', { RegionId: 'cn-beijing' }, { regionId: 'cn-shanghai' }, 'cn-shanghai'],
    ['the client, where the request names none', { RegionId: 'no region' }, {}, 'cn-hangzhou'],
  ])('is in the region that %s says', async (_who, request, options, regionId) => {
    const called = operation({ query: 'RegionId:s' });
    await firstValueFrom(gateway.client().call(called, request, options));
    expect(gateway.json()).toEqual({ request, regionId });
  });

  it('names no region where none is known, and fills in what the request needs', async () => {
    await firstValueFrom(gateway.client({ regionId: undefined }).call(operation(), {}));
    await firstValueFrom(gateway.client().call(operation({ query: 'RegionId:s^' }), {}));
    expect(gateway.json(0)).toEqual({ request: {} });
    expect(gateway.json(1)).toEqual({ request: { RegionId: 'cn-hangzhou' }, regionId: 'cn-hangzhou' });
  });

  it('has a ClientToken where the operation takes one, and none where nothing is repeated', async () => {
    const client = gateway.client({ nonce: () => 'n-1' });
    await firstValueFrom(client.call(runInstances, { RegionId: 'cn-hangzhou' }));
    await firstValueFrom(client.call(runInstances, { RegionId: 'cn-hangzhou', ClientToken: 'mine' }));
    await firstValueFrom(client.call(runInstances, { RegionId: 'cn-hangzhou' }, { retry: false }));
    expect(gateway.json(0)).toMatchObject({ request: { ClientToken: 'n-1' } });
    expect(gateway.json(1)).toMatchObject({ request: { ClientToken: 'mine' } });
    expect(gateway.json(2)).toEqual({ request: { RegionId: 'cn-hangzhou' }, regionId: 'cn-hangzhou' });
  });

  it('has the fields of path, query, headers and body as one request, none of them as one string', async () => {
    const roa = operation({
      method: 'PUT',
      path: '/clusters/{ClusterId}?x=1',
      query: 'Ids:[s]~c,Tag:{Key:s}~j',
      header: 'X-Trace:s',
      body: 'Size:l,Nested:{Names:[s]~s}',
    });
    const request = {
      ClusterId: 'c/1 é',
      Ids: ['a', 'b'],
      Tag: { Key: 'k' },
      'X-Trace': 't',
      Size: 9007199254740993n,
      Nested: { Names: ['x', 'y'] },
    };
    await firstValueFrom(gateway.client().call(roa, request));
    expect(gateway.received[0]).toMatchObject({ method: 'POST', path: '/api/alicloud/Ecs/2014-05-26/DescribeThings' });
    expect(parseJson(String(gateway.received[0]?.body))).toEqual({ request, regionId: 'cn-hangzhou' });
    expect(String(gateway.received[0]?.body)).toContain('"Size":9007199254740993,');
  });

  it.each<[what: string, content: () => Content]>([
    ['bytes', () => new Uint8Array([0, 255, 1])],
    ['a part of a buffer', () => Buffer.from([9, 0, 255, 1, 9]).subarray(1, 4)],
    ['an ArrayBuffer', () => new Uint8Array([0, 255, 1]).buffer],
    ['a Blob', () => new Blob([new Uint8Array([0, 255, 1])])],
    ['a stream of Node', () => Readable.from([Buffer.of(0), Buffer.of(255, 1)])],
    ['a web stream', () => new Blob([new Uint8Array([0, 255, 1])]).stream()],
  ])('is a frame with %s behind the JSON', async (_what, content) => {
    const put = operation<{ Name: string; body: Content }>({ query: 'Name:s', body: 'body=a', bodyType: 'bytes' });
    await firstValueFrom(gateway.client().call(put, { Name: 'é', body: content() }));
    const [received] = gateway.received;
    expect(received?.headers['content-type']).toBe('application/vnd.rx-alicloud.call');
    expect(opened(received?.body ?? Buffer.of())).toEqual({
      json: { request: { Name: 'é' }, regionId: 'cn-hangzhou', contents: [{ path: ['body'], length: 3 }] },
      contents: Buffer.of(0, 255, 1),
    });
  });

  it('has a text as content in its JSON, and an empty content in a frame', async () => {
    const put = operation<{ body?: Content }>({ body: 'body=a', bodyType: 'bytes' });
    await firstValueFrom(gateway.client().call(put, { body: 'text' }));
    await firstValueFrom(gateway.client().call(put, { body: new Uint8Array() }));
    await firstValueFrom(gateway.client().call(put, {}));
    expect(gateway.json(0)).toEqual({ request: { body: 'text' }, regionId: 'cn-hangzhou' });
    expect(opened(gateway.received[1]?.body ?? Buffer.of()).json).toMatchObject({ contents: [{ length: 0 }] });
    expect(gateway.json(2)).toEqual({ request: {}, regionId: 'cn-hangzhou' });
  });

  it('has the files of a request behind the JSON, in their order, and their URLs in it', async () => {
    const upload = { product: 'imageenhan', fields: ['ImageURL', 'Tasks[].URL'] };
    const called = operation({ upload, query: 'ImageURL:s!,Tasks:[{URL:s!,Id:n}]' });
    const request = {
      ImageURL: new Blob(['abc']),
      Tasks: [
        { URL: 'https://elsewhere.example/a', Id: 1 },
        { URL: Buffer.from('de'), Id: 2 },
      ],
    };
    await firstValueFrom(gateway.client().call(called, request));
    expect(gateway.received).toHaveLength(1);
    expect(opened(gateway.received[0]?.body ?? Buffer.of())).toEqual({
      json: {
        request: { Tasks: [{ URL: 'https://elsewhere.example/a', Id: 1 }, { Id: 2 }] },
        regionId: 'cn-hangzhou',
        contents: [
          { path: ['ImageURL'], length: 3 },
          { path: ['Tasks', 1, 'URL'], length: 2 },
        ],
      },
      contents: Buffer.from('abcde'),
    });
  });

  it.each([
    ['json', 'application/json'],
    ['text', 'application/json'],
    ['bytes', 'application/octet-stream'],
    ['events', 'text/event-stream'],
  ] as const)('accepts for an answer of %s %s', async (responseType, accept) => {
    gateway.reply = (_request, response) => response.writeHead(200).end('');
    await lastValueFrom(gateway.client().call(operation({ responseType }), {}).pipe(toArray()));
    expect(gateway.received[0]?.headers.accept).toBe(accept);
  });

  it('tells how much of it has been sent', async () => {
    const put = operation<{ body: Content }>({ body: 'body=a', bodyType: 'bytes' });
    const events = await lastValueFrom(
      gateway
        .client()
        .call(put, { body: new Uint8Array(1_000_000) }, { observe: 'events' })
        .pipe(toArray()),
    );
    const progress = events.flatMap((event) => (event.kind === 'uploadProgress' ? [event] : []));
    const total = gateway.received[0]?.body.length;
    expect(progress[0]).toEqual({ kind: 'uploadProgress', loaded: 0, total });
    expect(progress.at(-1)).toEqual({ kind: 'uploadProgress', loaded: total, total });
    expect(events.at(-1)).toMatchObject({ kind: 'response', status: 200 });
  });
});

describe('what is refused before anything is sent', () => {
  it.each<[what: string, differs: object, request: unknown, issue: object]>([
    ['a missing field', { query: 'Name:s!' }, {}, { path: 'Name' }],
    ['an unknown field', { query: 'Name:s' }, { Other: 1 }, { path: 'Other' }],
    ['a field of another type', { body: 'Name:[s]' }, { Name: [1] }, { path: 'Name[0]' }],
    ['a missing variable of the path', { path: '/a/{Id}' }, {}, { path: 'Id' }],
    ['a rounded integer', { query: 'Id:l' }, { Id: 2 ** 53 }, { path: 'Id' }],
    ['a content that is none', { body: 'body=a', bodyType: 'bytes' }, { body: 1 }, { path: 'body' }],
    ['a file in a field that takes none', { query: 'URL:s' }, { URL: new Blob(['']) }, { path: 'URL' }],
    ['no object', {}, 'text', { path: 'request' }],
  ])('%s', async (_what, differs, request, issue) => {
    const transport = new MemoryTransport();
    const client = new AlicloudClient({ gateway: '/api', transport });
    const error = await errorOf(client.call(operation<unknown>(differs), request));
    expect(error).toMatchObject({ code: 'SDK.InvalidRequest', action: 'DescribeThings', issues: [issue] });
    expect(transport.sent).toEqual([]);
  });

  it('one that contains itself', async () => {
    const request: Record<string, unknown> = {};
    request.Any = request;
    const client = new AlicloudClient({ gateway: '/api', transport: new MemoryTransport() });
    const error = await errorOf(client.call(operation({ query: 'Any:a' }), request));
    expect(error).toMatchObject({ code: 'SDK.InvalidRequest' });
  });
});

/** A type in the grammar of tables, and values that it takes. */
interface Typed {
  readonly table: string;
  readonly values: fc.Arbitrary<unknown>;
}

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9.-]{0,8}$/);
const { type } = fc.letrec<{ type: Typed }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constant<Typed>({ table: 's', values: fc.string({ unit: 'binary' }) }),
    // JSON has no -0.
    fc.constant<Typed>({ table: 'n', values: fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isExact) }),
    fc.constant<Typed>({ table: 'l', values: fc.bigInt().map((n) => (isSafe(n) ? Number(n) : n)) }),
    fc.constant<Typed>({ table: 'b', values: fc.boolean() }),
    fc.constant<Typed>({
      table: 'a',
      values: fc.jsonValue({ noUnicodeString: false }).filter((value) => value !== null && !hasOddities(value)),
    }),
    tie('type').map(({ table, values }) => ({ table: `[${table}]`, values: fc.array(values, { maxLength: 3 }) })),
    tie('type').map(({ table, values }) => ({
      table: `<${table}>`,
      values: fc.dictionary(name, values, { maxKeys: 3 }),
    })),
    fc.uniqueArray(fc.tuple(name, tie('type')), { selector: ([each]) => each, maxLength: 3 }).map(structOf),
  ),
}));

function structOf(fields: [string, Typed][]): Typed {
  const table = `{${fields.map(([each, { table: of }]) => `${each}:${of}`).join(',')}}`;
  const members = Object.fromEntries(fields.map(([each, { values }]) => [each, values]));
  return { table, values: fc.record(members, { requiredKeys: [] }) };
}

function isExact(value: number): boolean {
  return !Object.is(value, -0) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function isSafe(value: bigint): boolean {
  return value === BigInt.asIntN(53, value);
}

function hasOddities(value: unknown): boolean {
  return /-0\b|__proto__|\d{16}|e\+/.test(JSON.stringify(value)) || Object.is(value, -0);
}

it('goes over exactly, whatever the descriptor and the request', async () => {
  const place = fc.constantFrom('query', 'header', 'body');
  const fields = fc.uniqueArray(fc.tuple(name, type, place), { selector: ([each]) => each, maxLength: 5 });
  const call = fields.chain((all) => {
    const tableOf = (where: string): string =>
      all.flatMap(([each, { table }, at]) => (at === where ? [`${each}:${table}`] : [])).join(',');
    const { values } = structOf(all.map(([each, typed]) => [each, typed]));
    const tables = { query: tableOf('query'), header: tableOf('header'), body: tableOf('body') };
    const differs = Object.fromEntries(Object.entries(tables).filter(([, table]) => table !== ''));
    return fc.record({ differs: fc.constant(differs), request: values });
  });
  await fc.assert(
    fc.asyncProperty(call, async ({ differs, request }) => {
      const transport = new MemoryTransport(() => of(answer('{}')));
      const client = new AlicloudClient({ gateway: '/api', transport });
      await firstValueFrom(client.call(operation<unknown>(differs), request));
      const { request: received } = parseJson(String(transport.sent[0]?.body)) as { request: unknown };
      expect(received).toEqual(request);
    }),
    { numRuns: 200 },
  );
});

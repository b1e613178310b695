import { firstValueFrom, lastValueFrom } from 'rxjs';
import { AlicloudClient } from '../lib/client.js';
import type { ClientOptions } from '../lib/client-options.js';
import { accessKey } from '../lib/credentials/credentials.js';
import type { UntypedRequest } from '../lib/codec/untyped.js';
import { createEmulator } from '../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../lib/testing/credentials.js';
import { answer, errorOf, MemoryTransport, queryOf } from './pipeline/support.js';

const { accessKeyId, accessKeySecret } = emulatorCredentials;
const regions = { product: 'Ecs', version: '2014-05-26', action: 'DescribeRegions' } as const;

function memory(options: ClientOptions = {}): { client: AlicloudClient; transport: MemoryTransport } {
  const transport = new MemoryTransport(() => [answer('{"Id":9007199254740993,"A":[null,"1"]}')]);
  const credentials = accessKey(accessKeyId, accessKeySecret);
  return { client: new AlicloudClient({ regionId: 'cn-hangzhou', credentials, transport, ...options }), transport };
}

describe('a call without a description', () => {
  it('is sent like any other', async () => {
    const { client, transport } = memory();
    const query = { Tag: [{ Key: 'a', Value: 'é' }], Dry: true, Nothing: null, Size: 9007199254740993n };
    await lastValueFrom(client.request({ ...regions, query, body: { B: ['b'] }, headers: { 'X-Acs-H': 'h' } }));
    const [sent] = transport.sent;
    expect(sent?.url.split('?')[0]).toBe('https://ecs.cn-hangzhou.aliyuncs.com/');
    expect(queryOf(sent!)).toEqual({ 'Tag.1.Key': 'a', 'Tag.1.Value': 'é', Dry: 'true', Size: '9007199254740993' });
    expect(sent).toMatchObject({ method: 'POST', body: 'B.1=b' });
    expect(sent?.headers).toMatchObject({
      'x-acs-action': 'DescribeRegions',
      'x-acs-version': '2014-05-26',
      'x-acs-h': 'h',
      'content-type': 'application/x-www-form-urlencoded',
      authorization: expect.stringContaining('ACS3-HMAC-SHA256') as string,
    });
  });

  it('has a path and its variables where it is a ROA call', async () => {
    const { client, transport } = memory();
    const roa = { product: 'CS', version: '2015-12-15', action: 'X', method: 'PUT', path: '/a/{Id}?b=c' } as const;
    await lastValueFrom(client.request({ ...roa, pathVariables: { Id: 'i/1' }, body: { n: 1n, s: 'é' } }));
    expect(transport.sent[0]).toMatchObject({
      method: 'PUT',
      url: 'https://cs.cn-hangzhou.aliyuncs.com/a/i%2F1?b=c',
      body: '{"n":1,"s":"é"}',
    });
  });

  it.each<[given: Partial<UntypedRequest>, body: unknown, contentType: string]>([
    [{ body: '{"a": 1}', bodyType: 'json' }, '{"a": 1}', 'application/json; charset=utf-8'],
    [{ body: [1], path: '/' }, '[1]', 'application/json; charset=utf-8'],
    [{ body: new Uint8Array([1]), bodyType: 'bytes' }, new Uint8Array([1]), 'application/octet-stream'],
    [{ body: 'x', bodyType: 'bytes', headers: { 'Content-Type': 'text/plain' } }, 'x', 'text/plain'],
    [{ body: { a: 1 }, bodyType: 'json', signature: 'V1' }, 'a=1', 'application/x-www-form-urlencoded'],
  ])('has the body of %j', async (given, body, contentType) => {
    const { client, transport } = memory();
    await lastValueFrom(client.request({ ...regions, ...given }));
    expect(transport.sent[0]?.body).toEqual(body);
    expect(transport.sent[0]?.headers['content-type']).toBe(contentType);
  });

  it('gives the HTTP facts with the answer, or its bytes as they come, where that is wanted', async () => {
    const { client } = memory();
    const { status, headers, body } = await lastValueFrom(
      client.request<{ Id: bigint }>({ ...regions, observe: 'response' }),
    );
    expect([status, headers['content-type'], body.Id]).toEqual([200, 'application/json', 9007199254740993n]);
    expect(await lastValueFrom(client.request({ ...regions, observe: 'body' }))).toHaveProperty('Id');
    const error = await errorOf(client.request({ ...regions, observe: 'stream' }));
    expect(error.message).toBe(
      "Expected `observe` to be 'body' or 'response', as the answer to DescribeRegions is not bytes, got 'stream'",
    );
    const bytes = createEmulator({
      services: [
        {
          service: { product: 'Ecs', version: '1', endpoints: { prefix: 'ecs', rule: 'central', regions: {} } },
          operations: { get: { action: 'Get', service: { product: 'Ecs', version: '1' }, responseType: 'bytes' } },
        } as never,
      ],
    });
    const piece$ = memory({ transport: bytes.transport }).client.request({
      ...{ product: 'Ecs', version: '1', action: 'Get', responseType: 'bytes', observe: 'stream' },
    } as const);
    expect(await lastValueFrom(piece$)).toBeInstanceOf(Uint8Array);
  });

  it('gives the answer as it came, no integer rounded', async () => {
    expect(await lastValueFrom(memory().client.request(regions))).toEqual({ Id: 9007199254740993n, A: [null, '1'] });
    const text$ = memory().client.request<string>({ ...regions, responseType: 'text' });
    expect(await lastValueFrom(text$)).toBe('{"Id":9007199254740993,"A":[null,"1"]}');
  });

  it('may be anonymous, in the older protocol, and have options of its own', async () => {
    const { client, transport } = memory({ credentials: undefined });
    await lastValueFrom(client.request({ ...regions, anonymous: true, signature: 'V1', regionId: 'cn-beijing' }));
    expect(queryOf(transport.sent[0]!)).toMatchObject({ Action: 'DescribeRegions' });
    expect(transport.sent[0]?.url).toMatch(/^https:\/\/ecs\.cn-beijing\./);
    await lastValueFrom(client.request({ ...regions, anonymous: true, endpoint: 'http://localhost:1' }));
    expect(transport.sent[1]?.url).toMatch(/^http:\/\/localhost:1\//);
  });

  it("knows the hosts that the client's options name", async () => {
    const { client, transport } = memory({ endpoints: { Ecs: { prefix: 'ecs-2', rule: 'central' } } });
    await lastValueFrom(client.request(regions));
    expect(transport.sent[0]?.url).toBe('https://ecs-2.aliyuncs.com/');
  });

  it('is cold, and is checked when it is subscribed to', async () => {
    const { client, transport } = memory();
    const call$ = client.request({ ...regions, action: '' });
    expect(transport.sent).toEqual([]);
    expect((await errorOf(call$)).code).toBe('SDK.InvalidRequest');
  });

  it.each<[request: unknown, message: RegExp]>([
    [undefined, /^The request was not sent\. Expected `request` to be an object, got nothing/],
    [{}, /Expected `product` to be a string, got nothing\. Expected `version` .*\. Expected `action` to be a string/],
    [
      { ...regions, version: undefined },
      /^DescribeRegions was not sent\. Expected `version` to be a string, got nothing$/,
    ],
    [
      { ...regions, product: 'ecs.evil.com/' },
      /Expected `product` to be a product's code such as Ecs, got "ecs\.evil\.com\/"$/,
    ],
    [{ ...regions, Query: {} }, /Expected `Query` to be absent, as there is no such field \(did you mean `query`\?\)/],
    [{ ...regions, method: 'post' }, /Expected `method` to be the name of an HTTP method, in capitals, got "post"$/],
    [{ ...regions, style: 'REST' }, /Expected `style` to be 'RPC' or 'ROA', got "REST"$/],
    [{ ...regions, path: 'a' }, /Expected `path` to be a path that begins with '\/', got "a"$/],
    [{ ...regions, path: '/a/{B}' }, /Expected `pathVariables\.B` to be a string, got nothing$/],
    [{ ...regions, path: '/a/{B}', pathVariables: { B: '..' } }, /Expected `B` to be a non-empty string/],
    [{ ...regions, query: [] }, /Expected `query` to be an object, got an array/],
    [{ ...regions, body: 'a' }, /Expected `body` to be an object, as it is sent as a form, got a string$/],
    [{ ...regions, body: {}, bodyType: 'bytes' }, /Expected `body` to be a string, a Uint8Array/],
    [{ ...regions, headers: { host: 'evil' } }, /Expected `headers\.host` to be the name of a header/],
    [{ ...regions, timeout: -1 }, /Expected `timeout` to be milliseconds/],
  ])('is refused, and not sent, where it is %j', async (request, message) => {
    const { client, transport } = memory();
    const error = await errorOf(client.request(request as UntypedRequest));
    expect(error.kind).toBe('client');
    expect(error.message).toMatch(message);
    expect(transport.sent).toEqual([]);
  });
});

describe('a call without a description, against the emulator', () => {
  const { transport } = createEmulator();
  const client = new AlicloudClient({
    regionId: 'cn-hangzhou',
    credentials: accessKey(accessKeyId, accessKeySecret),
    transport,
    enableAsync: true,
  });

  it('is answered in all three ways', async () => {
    const expected = { Regions: { Region: expect.any(Array) as unknown[] } };
    expect(await firstValueFrom(client.request(regions))).toMatchObject(expected);
    const [responses, errors] = client.requestWithChan(regions);
    expect(await responses.receive()).toMatchObject(expected);
    expect(await errors.receive()).toBeUndefined();
    const seen: unknown[] = [];
    expect(await client.requestWithCallback(regions, (response) => seen.push(response)).receive()).toBe(1);
    expect(seen).toEqual([expect.objectContaining(expected)]);
  });

  it('fails in all three ways with a typed error', async () => {
    const unknown = { ...regions, action: 'DescribeNothing' };
    const expected = { kind: 'server', code: 'InvalidAction.NotFound' };
    expect(await errorOf(client.request(unknown))).toMatchObject(expected);
    expect(await client.requestWithChan(unknown)[1].receive()).toMatchObject(expected);
    const seen: unknown[] = [];
    const blocker = client.requestWithCallback(unknown, (_response, error) => seen.push(error));
    expect(await blocker.receive()).toBe(0);
    expect(seen).toEqual([expect.objectContaining(expected)]);
  });

  it('may be a ROA call', async () => {
    const roa = { product: 'CS', version: '2015-12-15', action: 'DescribeClusterDetail', method: 'GET' } as const;
    const path = { path: '/clusters/{ClusterId}', pathVariables: { ClusterId: 'c1' } };
    expect(await firstValueFrom(client.request({ ...roa, ...path, signature: 'V1' }))).toHaveProperty('cluster_id');
  });
});

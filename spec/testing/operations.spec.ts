import type { Call } from '../../lib/testing/handlers.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import { sign, type Signable } from './support/signer.js';
import { thingsEmulator } from './support/things.js';
import { wires, type Wire } from './support/wires.js';

describe.each(wires)('the emulator understands requests, %s', (_name, open) => {
  let emulator: Emulator;
  let wire: Wire;
  /** What the handlers of all operations were given. */
  let calls: Call<unknown>[];

  beforeEach(async () => {
    emulator = thingsEmulator({ regions: ['cn-hangzhou', 'cn-beijing'] });
    wire = await open(emulator);
    calls = [];
    for (const action of ['DescribeThings', 'CreateThing', 'UpdateCluster', 'PutRules']) {
      emulator.handle(action, (call) => {
        calls.push(call);
        return call.sample();
      });
    }
  });

  afterEach(() => wire.close());

  async function outcome(parts: Signable): Promise<string> {
    const { status, body } = await wire.send(sign({ origin: wire.origin, ...parts }));
    const { Code, Message } = (body === '' ? {} : JSON.parse(body)) as { Code?: string; Message?: string };
    return Code === undefined ? String(status) : `${status} ${Code} ${Message}`;
  }

  const cluster = {
    action: 'UpdateCluster',
    method: 'PUT',
    path: '/clusters/c-1/config',
    contentType: 'application/json',
  };

  it('takes an RPC call apart', async () => {
    const query = {
      RegionId: 'cn-beijing',
      PageSize: '2',
      'Tag.1.Key': 'a',
      Config: '{"Size":3}',
      Ids: 'x,y',
      'Disk.Size': '4',
    };
    expect(await outcome({ query })).toBe('200');
    expect(calls[0]).toMatchObject({
      action: 'DescribeThings',
      service: { product: 'Things' },
      regionId: 'cn-beijing',
      accessKeyId: 'spec-key',
      request: {
        RegionId: 'cn-beijing',
        PageSize: 2,
        Tag: [{ Key: 'a' }],
        Config: { Size: 3 },
        Ids: ['x', 'y'],
        'Disk.Size': 4,
      },
    });
  });

  it('takes parameters of an RPC call from the query and the form', async () => {
    const contentType = 'application/x-www-form-urlencoded';
    const parts = {
      action: 'CreateThing',
      query: { RegionId: 'cn-hangzhou' },
      body: 'Name=a+b%2B&Parts.1=x',
      contentType,
    };
    expect(await outcome(parts)).toBe('200');
    expect(calls[0]?.request).toEqual({ RegionId: 'cn-hangzhou', Name: 'a b+', Parts: ['x'] });
  });

  it('takes a ROA call apart: path, query, header and body', async () => {
    const body = '{"size":2,"labels":{"a.b":"c"},"nodes":[{"name":"n"}]}';
    const parts = { ...cluster, query: { dry_run: 'true' }, headers: { 'x-acs-mode': 'fast' }, body };
    expect(await outcome(parts)).toBe('204');
    expect(calls[0]?.request).toEqual({
      ClusterId: 'c-1',
      dry_run: true,
      'x-acs-mode': 'fast',
      size: 2,
      labels: { 'a.b': 'c' },
      nodes: [{ name: 'n' }],
    });
  });

  it('takes a body that is one field', async () => {
    const parts = { action: 'PutRules', path: '/rules', contentType: 'application/json', body: '[{"name":"a"}]' };
    expect(await outcome(parts)).toBe('200');
    expect(calls[0]?.request).toEqual({ body: [{ name: 'a' }] });
  });

  it('knows the region of a call that names none', async () => {
    await outcome({});
    expect(calls[0]?.regionId).toBe('cn-hangzhou');
  });

  it.each<[Signable, string]>([
    [{ action: 'NoSuchThing' }, '404 InvalidAction.NotFound'],
    [{ version: '1999-01-01' }, '404 InvalidAction.NotFound'],
    [{ path: '/elsewhere' }, '404 InvalidAction.NotFound'],
    [{ method: 'DELETE' }, '400 UnsupportedHTTPMethod'],
    [{ ...cluster, path: '/clusters/c-1', body: '{"size":1}' }, '404 InvalidAction.NotFound'],
    [{ ...cluster, method: 'POST', body: '{"size":1}' }, '400 UnsupportedHTTPMethod'],
    [{ query: { RegionId: 'xx-nowhere-1' } }, '404 InvalidRegionId.NotFound'],
    [{ action: 'CreateThing', query: { Name: 'a' } }, '400 MissingParameter RegionId'],
    [{ query: { 'Tag.1.Value': 'a' } }, '400 MissingParameter Tag.1.Key'],
    [cluster, '400 MissingParameter size'],
    [{ ...cluster, body: '{"size":1,"nodes":[{}]}' }, '400 MissingParameter nodes.1.name'],
    [{ ...cluster, body: '{"size"' }, '400 InvalidParameter'],
    [{ action: 'PutRules', path: '/rules' }, '400 MissingParameter body'],
    [{ query: { PageSize: 'many' } }, '400 InvalidParameter'],
  ])('refuses %j', async (parts, expected) => {
    expect(await outcome(parts)).toContain(expected);
    expect([...emulator.requests]).toEqual([]);
  });

  it('refuses what is not percent-encoded UTF-8', async () => {
    const { url, ...rest } = sign({ origin: wire.origin });
    const { status, body } = await wire.send({ ...rest, url: `${url}?Name=%E0%A4` });
    expect([status, (JSON.parse(body) as { Code: string }).Code]).toEqual([400, 'InvalidParameter']);
  });
});

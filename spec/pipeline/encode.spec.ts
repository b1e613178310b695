import fc from 'fast-check';
import { InvalidRequestError } from '../../lib/errors.js';
import { answer, errorOf, formOf, MemoryTransport, operation, pipelineOver, queryOf, sentFor } from './support.js';

const roa = { method: 'PUT', path: '/clusters/{ClusterId}/nodes/{NodeId}' } as const;
const ids = { ClusterId: 'c1', NodeId: 'n1' };

describe('an RPC operation', () => {
  it('is a POST to the root of its host, without a body', async () => {
    const sent = await sentFor(operation());
    expect(sent).toMatchObject({ method: 'POST', url: 'https://ecs.cn-hangzhou.aliyuncs.com/', body: undefined });
    expect(sent.headers).not.toHaveProperty('content-type');
  });

  it('may be without a request', async () => {
    expect((await sentFor(operation({ query: 'A:s' }), undefined)).url).toBe('https://ecs.cn-hangzhou.aliyuncs.com/');
  });

  it('has its query flat, sorted and percent-encoded', async () => {
    const query = 'Name:s,Tag:[{Key:s,Value:s}],Size:n,Big:l,Dry:b,Ids:[s]~j,Zones:[s]~c,Absent:s';
    const request = {
      Name: 'a b+c&d=é*~',
      Tag: [{ Key: 'k', Value: '' }, { Key: 'l' }],
      Size: 1.5,
      Big: 9007199254740993n,
      Dry: false,
      Ids: ['i-1', 'i-2'],
      Zones: ['a', 'b'],
      Absent: null,
    };
    expect((await sentFor(operation({ query }), request)).url).toBe(
      'https://ecs.cn-hangzhou.aliyuncs.com/?Big=9007199254740993&Dry=false&Ids=%5B%22i-1%22%2C%22i-2%22%5D' +
        '&Name=a%20b%2Bc%26d%3D%C3%A9%2A~&Size=1.5&Tag.1.Key=k&Tag.1.Value=&Tag.2.Key=l&Zones=a%2Cb',
    );
  });

  it('has its body as a form', async () => {
    const sent = await sentFor(operation({ query: 'A:s', body: 'B:[s],C:{D:n}' }), {
      A: 'a',
      B: ['b&', 'é'],
      C: { D: 1 },
    });
    expect(sent.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(sent.body).toBe('B.1=b%26&B.2=%C3%A9&C.D=1');
    expect(queryOf(sent)).toEqual({ A: 'a' });
  });

  it('has its body as JSON where its description says so', async () => {
    const sent = await sentFor(operation({ body: 'B:[s],A:l', bodyType: 'json' }), { A: 9007199254740993n, B: ['b'] });
    expect(sent.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(sent.body).toBe('{"B":["b"],"A":9007199254740993}');
  });

  it('puts a field into the query and the body where both have it, and misses it once', async () => {
    const described = operation({ query: 'A:s!', body: 'A:s,B:n', bodyType: 'json' });
    const sent = await sentFor(described, { A: 'a', B: 1 });
    expect(queryOf(sent)).toMatchObject({ A: 'a' });
    expect(sent.body).toBe('{"A":"a","B":1}');
    const error = await errorOf(pipelineOver(new MemoryTransport()).call(described, { B: 1 }));
    expect((error as InvalidRequestError).issues.map(({ path }) => path)).toEqual(['A']);
  });

  it('puts fields into headers, whose names are in lower case', async () => {
    const sent = await sentFor(operation({ header: 'X-Acs-Source:s,Count:n' }), { 'X-Acs-Source': 'me', Count: 2 });
    expect(sent.headers).toMatchObject({ 'x-acs-source': 'me', count: '2' });
  });
});

describe('an operation that needs a region', () => {
  const regional = operation({ query: 'RegionId:s^' });

  it("takes the client's where the request has none", async () => {
    expect(queryOf(await sentFor(regional))).toEqual({ RegionId: 'cn-hangzhou' });
    expect(queryOf(await sentFor(regional, { RegionId: null }))).toEqual({ RegionId: 'cn-hangzhou' });
  });

  it("takes the call's before the client's, and the request's before both", async () => {
    const options = { regionId: 'eu-west-1' };
    expect(queryOf(await sentFor(regional, {}, options))).toEqual({ RegionId: 'eu-west-1' });
    expect(queryOf(await sentFor(regional, { RegionId: 'us-west-1' }, options))).toEqual({ RegionId: 'us-west-1' });
  });

  it('leaves the request as it was', async () => {
    const request = {};
    await sentFor(regional, request);
    expect(request).toEqual({});
  });

  it('is refused where there is none', async () => {
    const options = { regionId: undefined, endpoint: 'ecs.aliyuncs.com' };
    await expect(sentFor(regional, {}, undefined, options)).rejects.toThrow(
      'Expected `RegionId` to be a string, got nothing',
    );
  });

  it('leaves fields that only may name a region alone', async () => {
    expect(queryOf(await sentFor(operation({ query: 'RegionId:s' }), {}))).toEqual({});
  });
});

describe('a ROA operation', () => {
  it('has its variables in the path', async () => {
    const sent = await sentFor(operation(roa), { ClusterId: 'c/1 ?#%é', NodeId: '...' });
    expect(sent).toMatchObject({
      method: 'PUT',
      url: 'https://ecs.cn-hangzhou.aliyuncs.com/clusters/c%2F1%20%3F%23%25%C3%A9/nodes/...',
    });
  });

  it('keeps any value of a variable within its segment', async () => {
    const segment = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '.' && text !== '..');
    await fc.assert(
      fc.asyncProperty(segment, segment, async (ClusterId, NodeId) => {
        const { pathname } = new URL((await sentFor(operation(roa), { ClusterId, NodeId })).url);
        expect(pathname.split('/').map(decodeURIComponent)).toEqual(['', 'clusters', ClusterId, 'nodes', NodeId]);
      }),
    );
  });

  it.each(['', '.', '..'])('refuses %j for a variable, as it would make another path', async (NodeId) => {
    const error = await errorOf(pipelineOver(new MemoryTransport()).call(operation(roa), { ...ids, NodeId }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error.message).toBe(
      `DescribeZones was not sent. Expected \`NodeId\` to be a non-empty string other than . and .., got ${JSON.stringify(NodeId)}`,
    );
  });

  it.each([
    [undefined, 'nothing'],
    [null, 'nothing'],
    [7, 'the number 7'],
  ])('refuses %p for a variable', async (NodeId, received) => {
    const error = await errorOf(pipelineOver(new MemoryTransport()).call(operation(roa), { ...ids, NodeId }));
    expect(error.message).toBe(`DescribeZones was not sent. Expected \`NodeId\` to be a string, got ${received}`);
  });

  it('has its body as JSON', async () => {
    const sent = await sentFor(operation({ ...roa, body: 'name:s,size:n,tags:[{key:s}]' }), {
      ...ids,
      size: 1,
      name: 'é',
    });
    expect(sent.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(sent.body).toBe('{"name":"é","size":1}');
  });

  it('has its body as a form where its description says so', async () => {
    const sent = await sentFor(operation({ ...roa, body: 'a:s,b:[n]', bodyType: 'form' }), { ...ids, a: 'x', b: [1] });
    expect(sent.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(formOf(sent)).toEqual({ a: 'x', 'b.1': '1' });
  });

  it.each<[table: string, value: unknown, body: string | undefined]>([
    ['body=[{key:s,value:s}]', [{ value: 'v', key: 'k' }], '[{"key":"k","value":"v"}]'],
    ['body=<l>', { a: 9007199254740993n }, '{"a":9007199254740993}'],
    // A string is the body already.
    ['body=s', '{"a":1}', '{"a":1}'],
    ['body=a', 'text', 'text'],
    ['body=a', { a: ['text'] }, '{"a":["text"]}'],
    ['body=[s]~c', ['a', 'b'], 'a,b'],
    ['body=[s]', [], '[]'],
    ['body=[s]', undefined, undefined],
  ])('may have one field as its whole body: %s, %p', async (table, value, body) => {
    const sent = await sentFor(operation({ ...roa, body: table }), { ...ids, body: value });
    expect(sent.body).toBe(body);
    expect('content-type' in sent.headers).toBe(body !== undefined);
  });

  it('has variables, query, headers and body at once', async () => {
    const sent = await sentFor(operation({ ...roa, query: 'q:s', header: 'h:s', body: 'b:s' }), {
      ...ids,
      q: '1',
      h: '2',
      b: '3',
    });
    expect(sent).toMatchObject({
      url: 'https://ecs.cn-hangzhou.aliyuncs.com/clusters/c1/nodes/n1?q=1',
      headers: { h: '2' },
      body: '{"b":"3"}',
    });
  });
});

describe('a request that does not fit', () => {
  it('is refused before anything is sent or asked', async () => {
    const transport = new MemoryTransport();
    let asked = 0;
    const pipeline = pipelineOver(transport, { credentials: () => (asked++, Promise.reject(new Error())) });
    const called = operation({ ...roa, query: 'Q:n', header: 'H:s', body: 'B:{C:[b]}' });
    const error = await errorOf(pipeline.call(called, { ClusterId: 'c', Q: 'x', H: 1, B: { C: [1] }, Z: 1 }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ code: 'SDK.InvalidRequest', action: 'DescribeZones' });
    expect((error as InvalidRequestError).issues.map(({ path }) => path)).toEqual(['NodeId', 'Q', 'H', 'B.C[0]', 'Z']);
    expect([asked, transport.sent]).toEqual([0, []]);
  });

  it('is refused where a field would break its header', async () => {
    const pipeline = pipelineOver(new MemoryTransport(() => [answer('{}')]));
    for (const H of ['a\r\nx-evil: 1', '杭州', 'a\0']) {
      const error = await errorOf(pipeline.call(operation({ header: 'H:s' }), { H }));
      expect(error).toBeInstanceOf(InvalidRequestError);
      expect(error.message).toMatch(
        /^DescribeZones was not sent\. Expected `H` to be text on one line, in Latin-1, got /,
      );
    }
  });

  it.each(['DescribeZones', 1, [], () => 1])('is refused where it is no object: %p', async (request) => {
    const error = await errorOf(pipelineOver(new MemoryTransport()).call(operation(), request));
    expect(error.message).toMatch(/^DescribeZones was not sent\. Expected `request` to be an object, got /);
  });
});

describe('where a call goes', () => {
  it.each<[what: string, options: object, callOptions: object | undefined, origin: string]>([
    ["by the client's region", {}, undefined, 'https://ecs.cn-hangzhou.aliyuncs.com'],
    ["by the call's region", {}, { regionId: 'cn-beijing' }, 'https://ecs.cn-beijing.aliyuncs.com'],
    ["by the client's endpoint", { endpoint: 'http://localhost:1' }, undefined, 'http://localhost:1'],
    ["by the call's endpoint", { endpoint: 'http://localhost:1' }, { endpoint: '[::1]:2' }, 'https://[::1]:2'],
    ["by the client's endpoint, before a region", { endpoint: 'a' }, { regionId: 'cn-beijing' }, 'https://a'],
  ])('is told %s', async (_what, options, callOptions, origin) => {
    expect((await sentFor(operation(), {}, callOptions, options)).url).toBe(`${origin}/`);
  });

  it('has to be told', async () => {
    const transport = new MemoryTransport();
    const error = await errorOf(pipelineOver(transport, { regionId: undefined }).call(operation(), {}));
    expect(error).toMatchObject({ code: 'SDK.EndpointUnknown' });
    expect(transport.sent).toEqual([]);
  });
});

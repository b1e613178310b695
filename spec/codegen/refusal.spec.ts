import { generate } from '../../codegen/generate.js';
import { Refusal } from '../../codegen/refusal.js';
import { model, packageOf, place, type Fixture } from './fixture.js';

const base: Fixture = {
  args: 'request: $_model.FooRequest, ',
  lines: `request.validate();\n    let query = { };\n    ${place('name', 'query["Name"]')}`,
  request: '{ query: OpenApiUtil.query(query), }',
  models: [model('FooRequest', { name: ['Name', `'string'`] })],
};

/** What the generator says of it, and the line of the package that it points at. */
function refusalOf(fixture: Fixture): { message: string; line: string } {
  const source = packageOf(fixture);
  try {
    generate(source, { name: 'bar', product: 'Bar' });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const found = /^@alicloud\/foo\/(src\/[\w/]+\.ts):(\d+): /.exec(error.message);
    const file = [source.client, ...source.models].find(({ fileName }) => fileName === `@alicloud/foo/${found?.[1]}`);
    return { message: error.message, line: file?.text.split('\n')[Number(found?.[2]) - 1]?.trim() ?? '' };
  }
  throw new Error('It was not refused');
}

describe('the generator refuses', () => {
  it('nothing of what it knows', () => {
    expect(() => refusalOf(base)).toThrow('It was not refused');
  });

  it('a statement that it does not know, with file, line and the statement', () => {
    const { message, line } = refusalOf({ ...base, lines: `${base.lines}\n    request.name = request.name.trim();` });
    expect(line).toBe('request.name = request.name.trim();');
    expect(message).toContain('client.ts:');
    expect(message).toContain('not a known statement of an operation: request.name = request.name.trim();');
  });

  it.each([
    ['a condition on another field', base.lines?.replace('isNull(request.name)', 'isNull(request.id)')],
    ['a condition without its negation', base.lines?.replace('!$dara', '$dara')],
    [
      'more than one thing under a condition',
      base.lines?.replace('= request.name;', '= request.name; query["B"] = 1;'),
    ],
    ['an else', `${base.lines} else { }`],
    ['a key that is not a string', base.lines?.replace('"Name"', 'name')],
    ['a value that is wrapped', base.lines?.replace('= request.name', '= encode(request.name)')],
    ['a query with something in it', base.lines?.replace('query = { }', 'query = { Name: 1 }')],
    ['a part of the form that is not sent', base.lines?.replace('query["Name"]', 'bodyFlat["Name"]')],
    ['another place', base.lines?.replace('query["Name"]', 'cookie["Name"]')],
  ])('%s', (_, lines) => {
    expect(lines).not.toBe(base.lines);
    expect(refusalOf({ ...base, lines: lines ?? '' }).line).not.toBe('');
  });

  it.each([
    ['authType', '"Bearer"'],
    ['protocol', '"FTP"'],
    ['style', '"GRPC"'],
    ['method', '"QUERY"'],
    ['reqBodyType', '"byte"'],
    ['bodyType', '"sse"'],
    ['bodyType', '"none"'],
    ['action', 'name'],
    ['pathname', '"/foo"'],
    ['pathname', '`/${name}`'],
    ['pathname', 'path'],
    ['tracing', '"on"'],
  ])('the constant %s: %s', (key, value) => {
    expect(refusalOf({ ...base, params: { [key]: value } }).message).toContain('client.ts:');
  });

  it('a style of strings that it does not know', () => {
    const lines = `let request = new $_model.FooShrinkRequest({ });
    if (!$dara.isNull(tmpReq.name)) {
      request.nameShrink = OpenApiUtil.arrayToStringWithSpecifiedStyle(tmpReq.name, "Name", "repeatList");
    }
    ${place('nameShrink', 'query["Name"]')}`;
    const args = 'tmpReq: $_model.FooRequest, ';
    expect(refusalOf({ ...base, args, lines }).message).toContain('not a known style');
  });

  it('two fields by the same name in the query and in the body', () => {
    const models = [model('FooRequest', { name: ['Name', `'string'`], other: ['Name', `'string'`] })];
    const lines = `${base.lines}${place('other', 'body["Name"]')}`;
    const request = '{ query: OpenApiUtil.query(query), body: OpenApiUtil.parseToMap(body), }';
    expect(refusalOf({ ...base, models, lines, request }).message).toContain('two fields of the request are called');
  });

  it.each([
    ['Id = $dara.URL.percentEncode(Id);', '`/${$dara.URL.percentEncode(Id)}`'],
    ['Id = $dara.URL.percentEncode(Id);\n    Id = $dara.URL.percentEncode(Id);', '`/${Id}`'],
    ['name = $dara.URL.percentEncode(name);', '`/${Id}`'],
  ])('an argument that is not encoded once: %s', (lines, pathname) => {
    const params = { style: '"ROA"', reqBodyType: '"json"', pathname };
    expect(refusalOf({ args: 'Id: string, ', lines, params }).message).toContain(
      'an argument that is not encoded once',
    );
  });

  it('a header that is no text', () => {
    const headers = model('FooHeaders', { id: ['x-id', `{ 'type': 'array', 'itemType': 'string' }`] });
    const lines = `${base.lines}
    if (!$dara.isNull(headers.id)) {
      realHeaders["x-id"] = String(headers.id);
    }`;
    const args = `${base.args}headers: $_model.FooHeaders, `;
    const models = [...(base.models ?? []), headers];
    expect(refusalOf({ ...base, args, lines, models }).message).toContain('a header that is not text');
  });

  it('another algorithm of signatures', () => {
    const construction = 'this._signatureAlgorithm = "v5";';
    expect(refusalOf({ ...base, construction }).message).toContain('not a known algorithm of signatures: "v5"');
  });

  it('bytes in the older protocol', () => {
    const construction = 'this._signatureAlgorithm = "v2";';
    const lines = 'request.validate();';
    const message = 'bytes, which the older protocol does not send';
    expect(refusalOf({ ...base, construction, lines, request: '{ stream: request.name, }' }).message).toContain(
      message,
    );
  });

  it.each(['kms', 'pds', 'pop'])('a product that goes through a gateway of its own, by its name: %s', (name) => {
    const imports = `import SPI from '@alicloud/gateway-spi';\nimport GatewayClient from '@alicloud/gateway-${name}';`;
    const construction = 'this._productId = "Foo";\n    let gateway = new GatewayClient();\n    this._spi = gateway;';
    expect(refusalOf({ ...base, imports, construction }).message).toContain(
      `the product goes through a gateway of its own, @alicloud/gateway-${name}`,
    );
  });

  it('a conversation over a WebSocket, and not what else the package has', () => {
    const extra = `
  async talkWithOptions(runtime: $dara.RuntimeOptions): Promise<$_model.TalkResponse> {
    let req = new $OpenApiUtil.OpenApiRequest({ });
    let params = new $OpenApiUtil.Params({
      action: "Talk",
      protocol: "wss",
      websocketSubProtocol: "awap",
    });
    let res = new $_model.TalkResponse({ });
    let tmp = await this.callApi(params, req, runtime);
    if (!$dara.isNull(tmp["webSocketClient"])) {
      res.webSocketClient = WebSocketUtils.createWebSocketClient(tmp["webSocketClient"]);
    }
    return res;
  }

  async talk(): Promise<$_model.TalkResponse> {
    let runtime = new $dara.RuntimeOptions({ });
    return await this.talkWithOptions(runtime);
  }`;
    const talk = model('TalkResponse', { webSocketClient: ['webSocketClient', '$WebSocketUtils.WebSocketClient'] });
    const models = [...(base.models ?? []), talk];
    const { operations, refused } = generate(packageOf({ ...base, models, extra }), { name: 'bar', product: 'Bar' });
    expect(operations).toBe(1);
    expect(refused).toEqual([
      { method: 'talk', reason: expect.stringContaining('a conversation over a WebSocket') as string },
    ]);
  });

  it('only what refers to a model class that it does not understand', () => {
    const extra = `
  async bar(runtime: $dara.RuntimeOptions): Promise<$_model.BarResponse> {
    let req = new $OpenApiUtil.OpenApiRequest({ });
    return $dara.cast<$_model.BarResponse>(await this.doRPCRequest("Bar", "2020-01-01", "HTTPS", "POST", "AK", "json", req, runtime), new $_model.BarResponse({}));
  }`;
    const models = [
      ...(base.models ?? []),
      model('BarResponse', { body: ['body', 'BarBody'] }),
      model('BarBody', { socket: ['Socket', `'Socket'`] }),
    ];
    const { operations, refused } = generate(packageOf({ ...base, models, extra }), { name: 'bar', product: 'Bar' });
    expect(operations).toBe(1);
    expect(refused).toEqual([
      { method: 'bar', reason: expect.stringMatching(/all\.ts:\d+: not a type: 'Socket'$/) as string },
    ]);
  });

  it('an argument that it does not know', () => {
    expect(refusalOf({ ...base, args: `${base.args}extra: number, ` }).message).toContain('not a known argument');
  });

  it('a field that the request does not have', () => {
    const lines = `${base.lines}${place('id', 'query["Id"]')}`;
    expect(refusalOf({ ...base, lines }).message).toContain('the request has no field id');
  });

  it('a field that goes to two places', () => {
    const lines = `${base.lines}${place('name', 'query["Name2"]')}`;
    expect(refusalOf({ ...base, lines }).message).toContain('the field name is sent twice');
  });

  it('fields that are gathered but not sent', () => {
    expect(refusalOf({ ...base, request: '{ }' }).message).toContain('query is not sent');
  });

  it('another way to send the query', () => {
    expect(refusalOf({ ...base, request: '{ query: query, }' }).message).toContain('not a known way to send query');
  });

  it('two fields with the same name', () => {
    const models = [model('FooRequest', { name: ['Name', `'string'`], other: ['Name', `'string'`] })];
    const lines = `${base.lines}${place('other', 'query["Name"]')}`;
    expect(refusalOf({ ...base, models, lines }).message).toContain('two fields of the request are called Name');
  });

  it('a path variable that is no argument', () => {
    const params = { style: '"ROA"', reqBodyType: '"json"', pathname: '`/${$dara.URL.percentEncode(Id)}`' };
    expect(refusalOf({ ...base, params }).message).toContain('a path variable that is no argument');
  });

  it('a header that is not sent', () => {
    const models = [...(base.models ?? []), model('FooHeaders', { id: ['x-id', `'string'`] })];
    const args = `${base.args}headers: $_model.FooHeaders, `;
    expect(refusalOf({ ...base, args, models }).message).toContain('not all headers are sent');
  });

  it('two bodies', () => {
    const request = '{ body: request.name, stream: request.other, }';
    expect(refusalOf({ ...base, lines: 'request.validate();', request }).message).toContain('two bodies');
  });

  it('a type that it does not know', () => {
    const { message, line } = refusalOf({ ...base, models: [model('FooRequest', { name: ['Name', `'Writable'`] })] });
    expect(message).toContain('src/models/all.ts:');
    expect(line).toBe(`name: 'Writable',`);
  });

  it('another call', () => {
    expect(refusalOf({ ...base, call: 'this.execute(params, req, runtime)' }).line).toContain('this.execute');
  });

  it('a model class that is not there', () => {
    expect(refusalOf({ ...base, models: [] }).message).toBe('the package has no model class FooRequest');
  });

  it('one operation, not the package', () => {
    const extra = `
  async barWithOptions(runtime: $dara.RuntimeOptions): Promise<$_model.FooResponse> {
    return await this.guess();
  }

  async bar(): Promise<$_model.FooResponse> {
    let runtime = new $dara.RuntimeOptions({ });
    return await this.barWithOptions(runtime);
  }`;
    const { operations, refused } = generate(packageOf({ ...base, extra }), { name: 'bar', product: 'Bar' });
    expect(operations).toBe(1);
    expect(refused).toEqual([
      {
        method: 'bar',
        reason: expect.stringMatching(
          /^@alicloud\/foo\/src\/client\.ts:\d+: not a known .*: return await this\.guess\(\);$/,
        ) as string,
      },
    ]);
  });
});

/** The statements of operations that are out of the ordinary, one example of each. */
import { generate } from '../../codegen/generate.js';
import { model, packageOf, place, type Fixture } from './fixture.js';
import { declaredIn, textOf } from './texts.js';

const string = `'string'`;
const required = '  /**\n   * @remarks\n   * This parameter is required.\n   */';
const withRequest: Fixture = {
  args: 'request: $_model.FooRequest, ',
  lines: 'request.validate();',
  models: [model('FooRequest', { name: ['Name', string] })],
};
const roa: Fixture = { ...withRequest, params: { style: '"ROA"', reqBodyType: '"json"', pathname: '"/foo"' } };

const olderEndpoint = `
  getEndpoint(productId: string, regionId: string, endpointRule: string, network: string, suffix: string, endpointMap: {[key: string ]: string}, endpoint: string): string {
    if (!Util.empty(endpoint)) {
      return endpoint;
    }
    if (!Util.isUnset(endpointMap) && !Util.empty(endpointMap[regionId])) {
      return endpointMap[regionId];
    }
    return EndpointUtil.getEndpointRules(productId, regionId, endpointRule, network, suffix);
  }`;

const descriptor = (fixture: Fixture): string => declaredIn(textOf(fixture), 'export const foo:');

describe('a request', () => {
  it('may go to the query as a whole', () => {
    const lines = 'request.validate();\n    let query = OpenApiUtil.query(request.toMap());';
    const request = '{ query: OpenApiUtil.query(query), }';
    expect(descriptor({ ...withRequest, lines, request })).toContain(`  query: 'Name:s',\n`);
  });

  it('may go to the query as a whole that is flat already', () => {
    const lines = 'request.validate();\n    let query = OpenApiUtil.query(request.toMap());';
    expect(descriptor({ ...withRequest, lines, request: '{ query: query, }' })).toContain(`  query: 'Name:s',\n`);
  });

  it.each([
    ['query["Name"] = request.name;', 'query'],
    ['if (!$dara.isNull($tea.toMap(request.name))) { query["Name"] = request.name; }', 'query'],
    ['if (!$dara.isNull($tea.toMap(request.name))) { body["Name"] = request.name; }', 'body'],
  ])('may ask otherwise, or not at all, whether a field is there: %s', (line, where) => {
    const request = '{ query: OpenApiUtil.query(query), body: OpenApiUtil.parseToMap(body), }';
    expect(descriptor({ ...withRequest, lines: line, request })).toContain(`  ${where}: 'Name:s',\n`);
  });

  it('may go to the query in part, and to the body as a whole: each field is one of the request', () => {
    const fixture: Fixture = {
      ...withRequest,
      lines: 'let query = { };\n    query["Name"] = request.name;',
      models: [model('FooRequest', { name: ['Name', string, required], id: ['Id', string] })],
      request: '{ query: OpenApiUtil.query(query), body: request.toMap(), }',
      params: { reqBodyType: '"json"' },
    };
    expect(descriptor(fixture)).toContain(`  query: 'Name:s!',\n  body: 'Name:s,Id:s',\n  bodyType: 'json',\n`);
    expect(declaredIn(textOf(fixture), 'export interface FooRequest')).toBe(
      'export interface FooRequest {\n  /** required */\n  Name: string;\n  Id?: string | undefined;\n}',
    );
  });

  it('may go to the form in two parts', () => {
    const models = [
      model('FooRequest', { name: ['Name', string], tags: ['Tags', `{ 'type': 'array', 'itemType': 'string' }`] }),
    ];
    const lines = `request.validate();
    let body : {[key: string ]: any} = { };
    ${place('name', 'body["Name"]')}
    let bodyFlat : {[key: string ]: any} = { };
    ${place('tags', 'bodyFlat["Tags"]')}
    body = {
      ...body,
      ...OpenApiUtil.query(bodyFlat),
    };`;
    const request = '{ body: OpenApiUtil.parseToMap(body), }';
    expect(descriptor({ ...withRequest, lines, models, request })).toContain(`  body: 'Name:s,Tags:[s]',\n`);
  });

  it.each([
    ['body: request.name', string, `body: 'Name=s'`],
    ['body: request.name', 'FooBody', `body: 'Name={Id:s}'`],
    [
      'body: OpenApiUtil.parseToMap(request.name)',
      `{ 'type': 'map', 'keyType': 'string', 'valueType': 'any' }`,
      `body: 'Name=<a>'`,
    ],
    ['body: request.name, stream: request.name', `'Readable'`, `body: 'Name=a',\n  bodyType: 'bytes'`],
    ['stream: request.name', `'Readable'`, `body: 'Name=a',\n  bodyType: 'bytes'`],
  ])('may have one field as its body: %s', (sent, type, expected) => {
    const models = [model('FooRequest', { name: ['Name', type] }), model('FooBody', { id: ['Id', string] })];
    expect(descriptor({ ...roa, models, request: `{ ${sent}, }` })).toContain(`  ${expected},\n`);
  });

  it('has the type of content where its body is bytes', () => {
    const text = textOf({
      ...roa,
      models: [model('FooRequest', { name: ['Name', `'Readable'`] })],
      request: '{ stream: request.name, }',
    });
    expect(text).toContain(`import type { Content, Operation, Service, ServiceDefinition } from '../service.js';`);
    expect(declaredIn(text, 'export interface FooRequest')).toContain('  Name?: Content | undefined;\n');
  });

  it('has the headers that have names, but not those that any call may have', () => {
    const fixture: Fixture = {
      ...roa,
      args: 'headers: $_model.FooHeaders, ',
      lines: `let realHeaders : {[key: string ]: string} = { };
    if (!$dara.isNull(headers.commonHeaders)) {
      realHeaders = headers.commonHeaders;
    }
    if (!$dara.isNull(headers.traceId)) {
      realHeaders["x-trace-id"] = String(headers.traceId);
    }`,
      request: '{ headers: realHeaders, }',
      models: [
        model('FooHeaders', {
          commonHeaders: ['commonHeaders', `{ 'type': 'map', 'keyType': 'string', 'valueType': 'string' }`],
          traceId: ['x-trace-id', string],
        }),
      ],
    };
    expect(descriptor(fixture)).toContain(`  header: 'x-trace-id:s',\n`);
    expect(declaredIn(textOf(fixture), 'export interface FooRequest')).toBe(`export interface FooRequest {
  'x-trace-id'?: string | undefined;
}`);
  });

  it.each([
    ['String(headers.traceId)', string, 's'],
    ['headers.traceId', string, 's'],
    ['typeof headers.traceId === "string" ? headers.traceId : JSON.stringify(headers.traceId)', `'boolean'`, 'b'],
  ])('may write a header as %s', (value, type, letter) => {
    const fixture: Fixture = {
      ...roa,
      args: 'headers: $_model.FooHeaders, ',
      lines: `let realHeaders : {[key: string ]: string} = { };
    if (!$dara.isNull(headers.traceId)) {
      realHeaders["x-trace-id"] = ${value};
    }`,
      request: '{ headers: realHeaders, }',
      models: [model('FooHeaders', { traceId: ['x-trace-id', type] })],
    };
    expect(descriptor(fixture)).toContain(`  header: 'x-trace-id:${letter}',\n`);
  });

  it('may have a header that is one string of many', () => {
    const fixture: Fixture = {
      ...roa,
      args: 'tmpReq: $_model.FooRequest, tmpHeader: $_model.FooHeaders, ',
      lines: `tmpReq.validate();
    let request = new $_model.FooShrinkRequest({ });
    OpenApiUtil.convert(tmpReq, request);
    let headers = new $_model.FooShrinkHeaders({ });
    OpenApiUtil.convert(tmpHeader, headers);
    if (!$dara.isNull(tmpHeader.context)) {
      headers.contextShrink = OpenApiUtil.arrayToStringWithSpecifiedStyle(tmpHeader.context, "Context", "json");
    }
    let body : {[key: string ]: any} = { };
    ${place('name', 'body["Name"]')}
    let realHeaders : {[key: string ]: string} = { };
    if (!$dara.isNull(headers.commonHeaders)) {
      realHeaders = headers.commonHeaders;
    }
    if (!$dara.isNull(headers.contextShrink)) {
      realHeaders["Context"] = typeof headers.contextShrink === "string" ? headers.contextShrink : JSON.stringify(headers.contextShrink);
    }`,
      request: '{ headers: realHeaders, body: OpenApiUtil.parseToMap(body), }',
      models: [
        model('FooRequest', { name: ['Name', string] }),
        model('FooHeaders', {
          commonHeaders: ['commonHeaders', `{ 'type': 'map', 'keyType': 'string', 'valueType': 'string' }`],
          context: ['Context', 'FooHeadersContext'],
        }),
        model('FooHeadersContext', { id: ['id', string] }),
      ],
    };
    expect(descriptor(fixture)).toContain(`  header: 'Context:{id:s}~j',\n  body: 'Name:s',\n`);
    expect(declaredIn(textOf(fixture), 'export interface FooRequest')).toBe(
      'export interface FooRequest {\n  /** sent as JSON in a string */\n  Context?: FooHeadersContext | undefined;\n  Name?: string | undefined;\n}',
    );
  });

  it.each([
    ['encodes before', 'Id = $dara.URL.percentEncode(Id);', '`/foo/${Id}`'],
    ['names in braces, by a slip', '', '`/foo/{Id}`'],
    ['names in braces, by a slip', '', '"/foo/{Id}"'],
  ])('may have a path variable that the package %s', (_, lines, pathname) => {
    const fixture: Fixture = { ...roa, args: 'Id: string, ', lines, params: { ...roa.params, pathname } };
    expect(descriptor(fixture)).toContain(`  path: '/foo/{Id}',\n`);
  });

  it('has another name for a path variable where another field has its name', () => {
    const fixture: Fixture = {
      ...roa,
      args: `Name: string, id: string, ${roa.args}`,
      lines: `let query = { };\n    ${place('name', 'query["Name"]')}`,
      request: '{ query: OpenApiUtil.query(query), }',
      params: { ...roa.params, pathname: '`/${$dara.URL.percentEncode(id)}/${$dara.URL.percentEncode(Name)}?all`' },
    };
    expect(descriptor(fixture)).toContain(`  path: '/{id}/{NameInPath}?all',\n  query: 'Name:s',\n`);
    expect(declaredIn(textOf(fixture), 'export interface FooRequest')).toContain(
      '  NameInPath: string;\n  /** required */\n  id: string;\n  Name?: string | undefined;\n',
    );
  });

  it('leaves out what no statement sends', () => {
    expect(declaredIn(textOf(withRequest), 'export type FooRequest ')).toBe(
      'export type FooRequest = Record<string, never>;',
    );
  });
});

describe('a call', () => {
  it('may have another way for other gateways', () => {
    const cast = (call: string): string =>
      `return $dara.cast<$_model.FooResponse>(await this.${call}(params, req, runtime), new $_model.FooResponse({}));`;
    const ending = `if ($dara.isNull(this._signatureVersion) || this._signatureVersion != "v4") {
      ${cast('callApi')}
    } else {
      ${cast('execute')}
    }`;
    expect(textOf({ ending })).toBe(textOf({}));
  });

  it.each([
    [`'any'`, `response: 's',\n  responseType: 'text',`],
    ['FooResponseBody', `response: '{Id:s}',\n`],
  ])('may answer with anything: %s', (type, expected) => {
    const models = [model('FooResponse', { body: ['body', type] }), model('FooResponseBody', { id: ['Id', string] })];
    expect(descriptor({ models, params: { bodyType: '"any"' } })).toContain(`  ${expected}`);
  });

  it('may answer with bytes', () => {
    const ending = `let res = new $_model.FooResponse({ });
    let tmp = await this.callApi(params, req, runtime);
    if (!$dara.isNull(tmp["body"])) {
      let respBody = tmp["body"] instanceof Readable ? tmp["body"] : Readable.from(tmp["body"]);
      res.body = respBody;
    }
    return res;`;
    const models = [model('FooResponse', { body: ['body', `'Readable'`] })];
    const text = textOf({ ending, models, params: { bodyType: '"binary"' } });
    expect(declaredIn(text, 'export type FooResponse ')).toBe('export type FooResponse = Uint8Array;');
    expect(declaredIn(text, 'export const foo:')).toContain(`  action: 'Foo',\n  responseType: 'bytes',\n}`);
  });

  it.each([
    ['JSON.parse(resp.event.data)', {}, `response: '{Id:s}',\n  responseType: 'events',`],
    [
      'resp.event.data',
      { params: { bodyType: '"string"' }, models: [model('FooResponse', { body: ['body', string] })] },
      `response: 's',\n  responseType: 'events',`,
    ],
  ])('may answer with events, beside one that answers once: %s', (data, fixture: Fixture, expected) => {
    const ordinary = textOf(fixture);
    const extra = `
  async *fooWithSSE(runtime: $dara.RuntimeOptions): AsyncGenerator<$_model.FooResponse, any, unknown> {
    let req = new $OpenApiUtil.OpenApiRequest({ });
    let params = new $OpenApiUtil.Params({
      action: "Foo", version: "2020-01-01", protocol: "HTTPS", pathname: "/", method: "POST", authType: "AK",
      style: "RPC", reqBodyType: "formData", bodyType: ${fixture.params?.bodyType ?? '"json"'},
    });
    let sseResp = await this.callSSEApi(params, req, runtime);

    for await (let resp of sseResp) {
      if (!$dara.isNull(resp.event) && !$dara.isNull(resp.event.data)) {
        let data = ${data};
        yield $dara.cast<$_model.FooResponse>({
          statusCode: resp.statusCode,
          headers: resp.headers,
          id: resp.event.id,
          event: resp.event.event,
          body: data,
        }, new $_model.FooResponse({}));
      }

    }
  }`;
    const text = textOf({ ...fixture, extra });
    expect(declaredIn(text, 'export const fooWithSSE: Operation<FooRequest, FooResponse>')).toContain(expected);
    expect(declaredIn(text, 'export const foo:')).toBe(declaredIn(ordinary, 'export const foo:'));
    expect(text.match(/type FooRequest = /g)).toHaveLength(1);
  });

  it('may answer with events in which their ids and names were put', () => {
    const extra = `
  async *fooWithSSE(runtime: $dara.RuntimeOptions): AsyncGenerator<$_model.FooResponse, any, unknown> {
    let req = new $OpenApiUtil.OpenApiRequest({ });
    let params = new $OpenApiUtil.Params({
      action: "Foo", version: "2020-01-01", protocol: "HTTPS", pathname: "/", method: "POST", authType: "AK",
      style: "RPC", reqBodyType: "formData", bodyType: "json",
    });
    let sseResp = await this.callSSEApi(params, req, runtime);

    for await (let resp of sseResp) {
      let data = JSON.parse(resp.event.data);
      yield $dara.cast<$_model.FooResponse>({
        statusCode: resp.statusCode,
        headers: resp.headers,
        body: {
          ...data,
          RequestId: resp.event.id,
          Message: resp.event.event,
        },
      }, new $_model.FooResponse({}));
    }
  }`;
    expect(declaredIn(textOf({ extra }), 'export const fooWithSSE:')).toContain(`  responseType: 'events',\n`);
  });

  it('says that it is of the older protocol where it is anonymous, beside signed ones that are', () => {
    const older = (name: string, authType: string): string => `
    let req = new $OpenApiUtil.OpenApiRequest({ });
    return $dara.cast<$_model.FooResponse>(await this.doRPCRequest("${name}", "2020-01-01", "HTTPS", "POST", "${authType}", "json", req, runtime), new $_model.FooResponse({}));`;
    const extra = `
  async open(runtime: $dara.RuntimeOptions): Promise<$_model.FooResponse> {${older('Open', 'Anonymous')}
  }
  async signed(runtime: $dara.RuntimeOptions): Promise<$_model.FooResponse> {${older('Signed', 'AK')}
  }`;
    const call =
      'this.doRPCRequest(params.action, params.version, params.protocol, params.method, params.authType, params.bodyType, req, runtime)';
    const text = textOf({ call, extra });
    expect(text).toContain(`  protocol: 'V1',\n};\n`);
    expect(declaredIn(text, 'export const open:')).toContain(`  protocol: 'V1',\n  anonymous: true,\n`);
    expect(declaredIn(text, 'export const signed:')).not.toContain('protocol');
  });

  it('has one host for all regions where the package has no rule', () => {
    expect(textOf({ rule: '' })).toContain(`    rule: 'central',\n`);
  });

  it('needs an endpoint where a package of the older library has no rule, as that asks for one', () => {
    expect(textOf({ rule: '', extra: olderEndpoint })).toContain(`    rule: 'none',\n`);
  });

  it('has the hosts that are published where the package leaves it open', () => {
    const hosts = (product: string, fixture: Fixture): string => {
      const { text } = generate(packageOf(fixture), { name: 'bar', product });
      return text.slice(text.indexOf('endpoints:'), text.indexOf('};'));
    };
    const own = `      'cn-one': 'foo.aliyuncs.com',\n    },\n`;
    expect(hosts('SWAS-OPEN', { rule: '' })).toContain(
      `    prefix: 'swas',\n    rule: 'regional',\n    regions: {\n${own}`,
    );
    const captcha = `    rule: 'central',\n    regions: {\n      'cn-shanghai': 'captcha.cn-shanghai.aliyuncs.com',\n`;
    expect(hosts('captcha', { rule: '' })).toContain(captcha + own);
    expect(hosts('captcha', { rule: 'regional' })).toContain(`    rule: 'regional',\n    regions: {\n${own}`);
  });
});

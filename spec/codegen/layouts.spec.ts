/** The same operation in each layout that official packages have had. */
import { parsePackage, type Package } from '../../codegen/read-package.js';
import { model, packageOf, place, type Fixture } from './fixture.js';
import { declaredIn, textOf, textOfPackage } from './texts.js';

const request = model('FooRequest', { name: ['Name', `'string'`] });
const response = model('FooResponse', { body: ['body', 'FooResponseBody'] });
const body = model('FooResponseBody', { id: ['Id', `'string'`] });

const newest: Fixture = {
  args: 'request: $_model.FooRequest, ',
  lines: `request.validate();\n    let query = { };\n    ${place('name', 'query["Name"]')}`,
  request: '{ query: OpenApiUtil.query(query), }',
  models: [request],
};

/** A package of one file; `client` is the class body after the constructor's usual lines. */
function oneFile(library: string, client: string, models = [request, response, body]): Package {
  const text = `
${models.join('\n').replaceAll('$dara.Model', '$tea.Model')}
export default class Client extends ${library} {
  constructor(config: $${library}.Config) {
    super(config);
    this._endpointRule = "regional";
    this._endpointMap = {
      'cn-one': "foo.aliyuncs.com",
    };
    this.checkConfig(config);
${client}

  getEndpoint(productId: string, regionId: string, endpointRule: string, network: string, suffix: string, endpointMap: {[key: string ]: string}, endpoint: string): string {
    if (!Util.empty(endpoint)) {
      return endpoint;
    }

    if (!Util.isUnset(endpointMap) && !Util.empty(endpointMap[regionId])) {
      return endpointMap[regionId];
    }

    return EndpointUtil.getEndpointRules(productId, regionId, endpointRule, network, suffix);
  }
}
`;
  return parsePackage('@alicloud/foo', '1.0.0', { 'src/client.ts': text });
}

const endpoint = (property: string, prefix: string): string =>
  `    this.${property} = this.getEndpoint(${prefix}, this._regionId, this._endpointRule, this._network, this._suffix, this._endpointMap, this.${property});
  }
`;

const teaPlace = `if (!Util.isUnset(request.name)) {
      query["Name"] = request.name;
    }
`;

/** A method of the older library; `call` is what returns. */
const tea = (lines: string, call: string): string => `${endpoint('_endpoint', '"foo"')}
  async fooWithOptions(request: FooRequest, runtime: $Util.RuntimeOptions): Promise<FooResponse> {
    Util.validateModel(request);
    ${lines}
    return $tea.cast<FooResponse>(await ${call}, new FooResponse({}));
  }

  async foo(request: FooRequest): Promise<FooResponse> {
    let runtime = new $Util.RuntimeOptions({ });
    return await this.fooWithOptions(request, runtime);
  }`;

const params = `let params = new $OpenApi.Params({
      action: "Foo",
      version: "2020-01-01",
      protocol: "HTTPS",
      pathname: "/",
      method: "POST",
      authType: "AK",
      style: "RPC",
      reqBodyType: "formData",
      bodyType: "json",
    });`;

describe('a package', () => {
  it('may have its models in the file of its client', () => {
    const { name, version, client, models } = packageOf(newest);
    const text = (models[0]?.text ?? '') + client.text.replaceAll('$_model.', '');
    expect(textOfPackage(parsePackage(name, version, { 'src/client.ts': text }))).toBe(textOf(newest));
  });

  it('may be of the older library', () => {
    const lines = `let query = { };
    ${teaPlace}
    let req = new $OpenApi.OpenApiRequest({
      query: OpenApiUtil.query(query),
    });
    ${params}`;
    expect(textOfPackage(oneFile('OpenApi', tea(lines, 'this.callApi(params, req, runtime)')))).toBe(textOf(newest));
  });

  it('may name its constants in the call', () => {
    const lines = `let req = new $OpenApi.OpenApiRequest({
      body: Util.toMap(request),
    });`;
    const call = 'this.doRPCRequest("Foo", "2020-01-01", "HTTPS", "POST", "AK", "json", req, runtime)';
    const text = textOfPackage(oneFile('OpenApi', tea(lines, call)));
    expect(text).toContain(`  protocol: 'V1',\n};\n`);
    expect(declaredIn(text, 'export const foo:')).toBe(`export const foo: Operation<FooRequest, FooResponse> = {
  service,
  action: 'Foo',
  body: 'Name:s',
  response: '{Id:s}',
}`);
  });

  it('may have a path in the call, with a variable as it is', () => {
    const text = textOfPackage(
      oneFile(
        'OpenApi',
        `${endpoint('_endpoint', '"foo"')}
  async fooWithOptions(id: string, headers: {[key: string ]: string}, runtime: $Util.RuntimeOptions): Promise<FooResponse> {
    let req = new $OpenApi.OpenApiRequest({
      headers: headers,
    });
    return $tea.cast<FooResponse>(await this.doROARequest("Foo", "2020-01-01", "HTTP", "PUT", "AK", \`/foo/\${id}\`, "none", req, runtime), new FooResponse({}));
  }

  async foo(id: string): Promise<FooResponse> {
    let runtime = new $Util.RuntimeOptions({ });
    let headers : {[key: string ]: string} = { };
    return await this.fooWithOptions(id, headers, runtime);
  }`,
        [model('FooResponse', {})],
      ),
    );
    expect(declaredIn(text, 'export const foo:')).toBe(`export const foo: Operation<FooRequest, FooResponse> = {
  service,
  action: 'Foo',
  method: 'PUT',
  path: '/foo/{id}',
}`);
  });

  it.each([
    ['doROARequestWithForm("Foo", "2020-01-01", "HTTPS", "POST", "AK", `/foo`, "json", req, runtime)', 'form'],
    ['doROARequest("Foo", "2020-01-01", "HTTPS", "POST", "AK", `/foo`, "json", req, runtime)', undefined],
  ])('may have a path and a body in the call: %s', (call, bodyType) => {
    const lines = `let body : {[key: string ]: any} = { };
    ${teaPlace.replace('query["Name"]', 'body["Name"]')}
    let req = new $OpenApi.OpenApiRequest({
      body: OpenApiUtil.parseToMap(body),
    });`;
    const descriptor = declaredIn(textOfPackage(oneFile('OpenApi', tea(lines, `this.${call}`))), 'export const foo:');
    const type = bodyType === undefined ? '' : `  bodyType: '${bodyType}',\n`;
    expect(descriptor).toContain(`  path: '/foo',\n  body: 'Name:s',\n${type}  response:`);
  });

  it.each([
    ['$tea.toMap(request), null', 'query'],
    ['null, $tea.toMap(request)', 'body'],
  ])('may be of the oldest library: %s', (sent, where) => {
    const answer = model('FooResponse', { id: ['Id', `'string'`] });
    const client = `${endpoint('_endpoint', 'this._productId')}
  async fooEx(request: FooRequest, runtime: $Util.RuntimeOptions): Promise<FooResponse> {
    Util.validateModel(request);
    return $tea.cast<FooResponse>(await this.doRequest("Foo", "HTTPS", "POST", "2020-01-01", "AK", ${sent}, runtime), new FooResponse({}));
  }

  async foo(request: FooRequest): Promise<FooResponse> {
    let runtime = new $Util.RuntimeOptions({ });
    return await this.fooEx(request, runtime);
  }`;
    // There, what is not optional is required.
    const text = textOfPackage(oneFile('RPC', client, [request.replace('name?:', 'name:'), answer]));
    expect(text).toContain(`    prefix: 'bar',\n`);
    expect(text).toContain(`  protocol: 'V1',\n};\n`);
    const descriptor = declaredIn(text, 'export const foo:');
    expect(descriptor).toContain(`  ${where}: 'Name:s!',\n  response: '{Id:s}',\n`);
  });

  it('may send nothing but a path, and describe no answer', () => {
    const outer = model('FooRequest', {
      headers: ['headers', `{ 'type': 'map', 'keyType': 'string', 'valueType': 'string' }`],
    });
    const client = `${endpoint('_endpointHost', '"foo"')}
  async fooWithOptions(id: string, request: FooRequest, runtime: $Util.RuntimeOptions): Promise<FooResponse> {
    Util.validateModel(request);
    return $tea.cast<FooResponse>(await this.doRequestWithAction("Foo", "2020-01-01", "HTTPS", "GET", "AK", \`/foo/\${id}\`, null, request.headers, null, runtime), new FooResponse({}));
  }

  async foo(id: string, request: FooRequest): Promise<FooResponse> {
    let runtime = new $Util.RuntimeOptions({ });
    return await this.fooWithOptions(id, request, runtime);
  }`;
    const text = textOfPackage(oneFile('ROA', client, [outer, model('FooResponse', {})]));
    expect(declaredIn(text, 'export const foo:')).toContain(
      `  method: 'GET',\n  path: '/foo/{id}',\n  response: 's',\n  responseType: 'text',\n`,
    );
  });

  it('may take its query in a field of the request', () => {
    const outer = model('FooRequest', {
      headers: ['headers', `{ 'type': 'map', 'keyType': 'string', 'valueType': 'string' }`],
      query: ['query', 'FooQuery'],
    });
    const client = `${endpoint('_endpointHost', '"foo"')}
  async foo(request: FooRequest, runtime: $Util.RuntimeOptions): Promise<FooResponse> {
    Util.validateModel(request);
    return $tea.cast<FooResponse>(await this.doRequestWithAction("Foo", "2020-01-01", "HTTPS", "POST", "AK", \`/foo\`, Util.stringifyMapValue($tea.toMap(request.query)), request.headers, null, runtime), new FooResponse({}));
  }`;
    const models = [outer, model('FooQuery', { name: ['name', `'string'`] }), response, body];
    const text = textOfPackage(oneFile('ROA', client, models));
    expect(declaredIn(text, 'export const foo:')).toContain(`  path: '/foo',\n  query: 'name:s',\n`);
  });
});

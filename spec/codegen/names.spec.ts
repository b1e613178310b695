/** What operations and their parts are called. */
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { constantNames } from '../../codegen/constants.js';
import { generate } from '../../codegen/generate.js';
import { model, packageOf, type Fixture } from './fixture.js';
import { declaredIn } from './texts.js';

/** What is written of a service called `bar`, which is TypeScript. */
function written(fixture: Fixture, name = 'bar'): string {
  const { text, refused } = generate(packageOf(fixture), { name, product: 'Bar' });
  expect(refused).toEqual([]);
  const { diagnostics } = transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
  });
  expect(diagnostics).toEqual([]);
  return text;
}

describe('an operation', () => {
  it.each(['export', 'delete', 'import', 'new', 'await', 'let', 'static', 'yield', 'enum', 'eval', 'arguments'])(
    'may be called %s, which no constant can be',
    (method) => {
      const text = written({ method });
      expect(declaredIn(text, `export const ${method}Operation:`)).toContain(`action: 'Foo'`);
      expect(declaredIn(text, 'export interface BarOperations')).toContain(`\n  ${method}: Operation<`);
      expect(declaredIn(text, 'export const bar:')).toContain(`\n    ${method}: ${method}Operation,\n`);
    },
  );

  it.each([
    ['push', 'push'],
    ['service', 'push'],
    ['defineClient', 'push'],
    ['fc20210406', 'fc-20210406'],
  ])('may be called %s in the service %s, where something else has that name', (method, name) => {
    const text = written({ method }, name);
    expect(declaredIn(text, `export const ${method}Operation:`)).toContain(`action: 'Foo'`);
    expect(text).toContain(`\n    ${method}: ${method}Operation,\n`);
  });

  it('keeps its own name where another one would take it', () => {
    const names = constantNames(['export', 'exportOperation', 'foo', 'bar'], ['bar', 'barOperation']);
    expect(Object.fromEntries(names)).toEqual({
      exportOperation: 'exportOperation',
      foo: 'foo',
      export: 'exportOperation_',
      bar: 'barOperation_',
    });
  });
});

describe('a model', () => {
  it.each(['BarClient', 'BarOperations', 'Operation', 'Record'])('may be called %s', (name) => {
    const models = [
      model('FooResponse', { body: ['body', 'FooResponseBody'] }),
      model('FooResponseBody', { it: ['It', name] }),
      model(name, { id: ['Id', `'string'`] }),
    ];
    expect(declaredIn(written({ models }), `export interface ${name}Model `)).toContain('  Id?: string;\n');
  });
});

describe('a short form', () => {
  const short = (name: string, call: string): string => `
  async ${name}(): Promise<$_model.FooResponse> {
    let runtime = new $dara.RuntimeOptions({ });
    return await this.${call};
  }`;

  it.each([
    ['foo', 'fooSimply'],
    ['fooWithHeaders', 'foo'],
  ])('may have any name: the operation of %s and %s is called by the shorter one', (full, name) => {
    const extra = `
  async ${full}(runtime: $dara.RuntimeOptions): Promise<$_model.FooResponse> {
    let req = new $OpenApiUtil.OpenApiRequest({ });
    return $dara.cast<$_model.FooResponse>(await this.doRPCRequest("Foo", "2020-01-01", "HTTPS", "POST", "AK", "json", req, runtime), new $_model.FooResponse({}));
  }${short(name, `${full}(runtime)`)}`;
    const text = written({ method: 'other', extra });
    expect(declaredIn(text, 'export const bar:')).toContain('  operations: {\n    other,\n    foo,\n  },\n');
  });

  it('is refused where it does more', () => {
    const extra = short('fooTwice', 'fooWithOptions(runtime)').replace('let', 'runtime.autoretry = true;\n    let');
    const { refused } = generate(packageOf({ method: 'other', extra: extra + fullFoo }), {
      name: 'bar',
      product: 'Bar',
    });
    expect(refused).toEqual([
      { method: 'fooTwice', reason: expect.stringContaining('not a known statement of a short form') as string },
    ]);
  });

  const fullFoo = `
  async fooWithOptions(runtime: $dara.RuntimeOptions): Promise<$_model.FooResponse> {
    let req = new $OpenApiUtil.OpenApiRequest({ });
    return $dara.cast<$_model.FooResponse>(await this.doRPCRequest("Foo", "2020-01-01", "HTTPS", "POST", "AK", "json", req, runtime), new $_model.FooResponse({}));
  }`;
});

describe('a client that signs in the older way', () => {
  const construction = 'this._signatureAlgorithm = "v2";';

  it('says so of all its operations', () => {
    expect(written({ construction })).toContain(`  protocol: 'V1',\n};\n`);
    expect(declaredIn(written({ construction }), 'export const foo:')).not.toContain('protocol');
  });

  it('says so of an anonymous one, and not of events, which the library signs in the newer way', () => {
    const params = `new $OpenApiUtil.Params({
      action: "Foo", version: "2020-01-01", protocol: "HTTPS", pathname: "/", method: "POST", authType: "AK",
      style: "RPC", reqBodyType: "formData", bodyType: "json",
    })`;
    const extra = `
  async openWithOptions(runtime: $dara.RuntimeOptions): Promise<$_model.FooResponse> {
    let req = new $OpenApiUtil.OpenApiRequest({ });
    let params = ${params.replace('"AK"', '"Anonymous"')};
    return $dara.cast<$_model.FooResponse>(await this.callApi(params, req, runtime), new $_model.FooResponse({}));
  }
  async *fooWithSSE(runtime: $dara.RuntimeOptions): AsyncGenerator<$_model.FooResponse, any, unknown> {
    let req = new $OpenApiUtil.OpenApiRequest({ });
    let params = ${params};
    let sseResp = await this.callSSEApi(params, req, runtime);
    for await (let resp of sseResp) {
      if (!$dara.isNull(resp.event) && !$dara.isNull(resp.event.data)) {
        let data = JSON.parse(resp.event.data);
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
    const text = written({ construction, extra });
    expect(declaredIn(text, 'export const foo:')).toContain(`  protocol: 'V1',\n`);
    expect(declaredIn(text, 'export const openWithOptions:')).toContain(`  protocol: 'V1',\n  anonymous: true,\n`);
    expect(declaredIn(text, 'export const fooWithSSE:')).not.toContain('protocol');
  });
});

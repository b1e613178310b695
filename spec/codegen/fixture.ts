/** Small packages in the layout of the official ones, made of as little as a spec needs. */
import { parsePackage, type Package } from '../../codegen/read-package.js';

export interface Fixture {
  /** What the operation is called. */
  readonly method?: string;
  /** The arguments before the run-time options. */
  readonly args?: string;
  /** The statements before `let req`. */
  readonly lines?: string;
  /** The argument of `OpenApiRequest`. */
  readonly request?: string;
  /** Constants that differ from those of an ordinary RPC operation, as source text. */
  readonly params?: Readonly<Record<string, string>>;
  readonly call?: string;
  /** The statements that make the call, in place of one that returns what `call` answers. */
  readonly ending?: string;
  /** Methods after those of the operation. */
  readonly extra?: string;
  /** What stands before the client class. */
  readonly imports?: string;
  /** Statements at the beginning of the constructor. */
  readonly construction?: string;
  /** The rule of endpoints. */
  readonly rule?: string;
  readonly doc?: string;
  /** Model classes; `FooResponse` is there unless it is given. */
  readonly models?: readonly string[];
}

const constants = {
  action: '"Foo"',
  version: '"2020-01-01"',
  protocol: '"HTTPS"',
  pathname: '"/"',
  method: '"POST"',
  authType: '"AK"',
  style: '"RPC"',
  reqBodyType: '"formData"',
  bodyType: '"json"',
};

/** A package with the one operation Foo. */
export function packageOf(fixture: Fixture): Package {
  const { args = '', lines = '', request = '{ }', params = {}, doc = '', models = [] } = fixture;
  const { call = 'this.callApi(params, req, runtime)', extra = '', rule = 'regional' } = fixture;
  const { method = 'foo', imports = '', construction = '' } = fixture;
  const ending =
    fixture.ending ?? `return $dara.cast<$_model.FooResponse>(await ${call}, new $_model.FooResponse({}));`;
  const properties = Object.entries({ ...constants, ...params }).map(([key, value]) => `      ${key}: ${value},`);
  const calledWith: Record<string, string> = { tmpReq: 'request', tmpHeader: 'headers' };
  const names = [...args.matchAll(/(?:^|, )(\w+): /g)].map(([, name = '']) => calledWith[name] ?? name);
  const client = `${imports}
export default class Client extends OpenApi {
  constructor(config: $OpenApiUtil.Config) {
    super(config);
    ${construction}
    this._endpointRule = "${rule}";
    this._endpointMap = {
      'cn-one': "foo.aliyuncs.com",
    };
    this.checkConfig(config);
    this._endpoint = this.getEndpoint("foo", this._regionId, this._endpointRule, this._network, this._suffix, this._endpointMap, this._endpoint);
  }
  ${doc}
  async ${method}WithOptions(${args}runtime: $dara.RuntimeOptions): Promise<$_model.FooResponse> {
    ${lines}
    let req = new $OpenApiUtil.OpenApiRequest(${request});
    let params = new $OpenApiUtil.Params({
${properties.join('\n')}
    });
    ${ending}
  }

  async ${method}(): Promise<$_model.FooResponse> {
    let runtime = new $dara.RuntimeOptions({ });
    return await this.${method}WithOptions(${[...names, 'runtime'].join(', ')});
  }
${extra}
}
`;
  const hasResponse = models.some((text) => text.includes('class FooResponse '));
  const responses = hasResponse
    ? []
    : [
        model('FooResponse', { body: ['body', 'FooResponseBody'] }),
        model('FooResponseBody', { id: ['Id', `'string'`] }),
      ];
  const files = { 'src/client.ts': client, 'src/models/all.ts': [...models, ...responses].join('\n') };
  return parsePackage('@alicloud/foo', '1.0.0', files);
}

/** What a model class says of a field: its name on the wire, its type, its doc comment. */
export type ModelField = readonly [name: string, type: string, doc?: string];

export function model(name: string, fields: Readonly<Record<string, ModelField>>): string {
  const each = (text: (key: string, field: ModelField) => string): string =>
    Object.entries(fields)
      .map(([key, field]) => text(key, field))
      .join('\n');
  return `export class ${name} extends $dara.Model {
${each((key, [, , doc = '']) => `${doc}\n  ${key}?: any;`)}
  static names(): { [key: string]: string } {
    return {
${each((key, [wire]) => `      ${key}: '${wire}',`)}
    };
  }

  static types(): { [key: string]: any } {
    return {
${each((key, [, type]) => `      ${key}: ${type},`)}
    };
  }

  validate() {
    super.validate();
  }

  constructor(map?: { [key: string]: any }) {
    super(map);
  }
}
`;
}

/** `if (!$dara.isNull(request.x)) { query["X"] = request.x; }` */
export function place(property: string, where: string): string {
  return `if (!$dara.isNull(request.${property})) {
      ${where} = request.${property};
    }
`;
}

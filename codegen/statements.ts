/** The statements that the method of an operation consists of, and what each says about the operation. */
import type ts from 'typescript';
import { nameIn, statement, stringIn, type Captures, type Pattern } from './pattern.js';
import { Refusal } from './refusal.js';
import type { Style } from './model.js';

/** What the statements said so far. Properties are those of the request's class. */
export interface Draft {
  readonly placements: Placement[];
  /** Properties that become one string first, by the property that holds the string. */
  readonly shrunk: Map<string, { readonly property: string; readonly style: Style }>;
  /** The arguments of `new $OpenApiUtil.OpenApiRequest(…)`, `new $OpenApiUtil.Params(…)`. */
  request?: ts.Node;
  params?: ts.Node;
  responseModel?: string;
  protocol?: 'V1';
}

/** `query["RegionId"] = request.regionId` */
export interface Placement {
  readonly place: string;
  readonly key: string;
  readonly property: string;
  readonly node: ts.Node;
}

/** Takes down what the statement says, or refuses it. */
export function readStatement(draft: Draft, line: ts.Statement): void {
  for (const [pattern, take] of rules) {
    const captures = pattern(line);
    if (captures) return take(draft, captures, line);
  }
  throw new Refusal(line, 'not a known statement of an operation');
}

type Take = (draft: Draft, captures: Captures, line: ts.Statement) => void;

const styles: Readonly<Record<string, Style>> = {
  json: 'json',
  simple: 'comma',
  spaceDelimited: 'space',
  pipeDelimited: 'pipe',
};

const nothing: Take = () => undefined;

const rules: readonly (readonly [Pattern, Take])[] = [
  [
    statement('if (!$dara.isNull(request.$$property)) { $$place[$$key] = request.$$property; }'),
    (draft, captures, node) => {
      draft.placements.push({
        place: nameIn(captures, 'place'),
        key: stringIn(captures, 'key'),
        property: nameIn(captures, 'property'),
        node,
      });
    },
  ],
  [statement('request.validate();'), nothing],
  [statement('let query = { };'), nothing],
  [statement('let query : {[key: string ]: any} = { };'), nothing],
  [statement('let body : {[key: string ]: any} = { };'), nothing],

  // Parts of the request that are sent as one string.
  [statement('tmpReq.validate();'), nothing],
  [statement('let request = new $_model.$$model({ });'), nothing],
  [statement('OpenApiUtil.convert(tmpReq, request);'), nothing],
  [
    statement(`if (!$dara.isNull(tmpReq.$$property)) {
      request.$$target = OpenApiUtil.arrayToStringWithSpecifiedStyle(tmpReq.$$property, $$prefix, $$style);
    }`),
    (draft, captures, node) => {
      const style = styles[stringIn(captures, 'style')];
      if (style === undefined) throw new Refusal(node, 'not a known style');
      draft.shrunk.set(nameIn(captures, 'target'), { property: nameIn(captures, 'property'), style });
    },
  ],

  [
    statement('let req = new $OpenApiUtil.OpenApiRequest($$request);'),
    (draft, { request }) => Object.assign(draft, { request }),
  ],
  [
    statement('let params = new $OpenApiUtil.Params($$params);'),
    (draft, { params }) => Object.assign(draft, { params }),
  ],
  [
    statement(`return $dara.cast<$_model.$$response>(
      await this.callApi(params, req, runtime), new $_model.$$response({}));`),
    (draft, captures) => (draft.responseModel = nameIn(captures, 'response')),
  ],
  [
    statement(`return $dara.cast<$_model.$$response>(
      await this.doRPCRequest(params.action, params.version, params.protocol, params.method, params.authType,
        params.bodyType, req, runtime), new $_model.$$response({}));`),
    (draft, captures) => {
      draft.responseModel = nameIn(captures, 'response');
      draft.protocol = 'V1';
    },
  ],
];

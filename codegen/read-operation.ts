/** Reads one operation from its method: whatever is in there is understood, or the operation is refused. */
import type ts from 'typescript';
import { readDoc } from './read-doc.js';
import { modelOf } from './read-models.js';
import { readRequest } from './read-request.js';
import { Refusal } from './refusal.js';
import { readStatement } from './statements.js';
import type { Draft } from './draft.js';
import type { Field, Models, Operation, Type } from './model.js';
import type { Params } from './read-params.js';

export interface Read {
  readonly operation: Operation;
  /** The API's version, as the operation gives it. */
  readonly version: string;
}

/** Reads a method such as `describeRegionsWithOptions`; `name` is what a user calls. */
export function readOperation(method: ts.MethodDeclaration, name: string, models: Models): Read {
  const { requestModel, headersModel, texts } = readArguments(method);
  const draft: Draft = { placements: [], headers: [], shrunk: new Map() };
  for (const line of method.body?.statements ?? []) readStatement(draft, line);
  const { params, responseModel, protocol } = draft;
  if (!params || !responseModel || !(draft.request ?? draft.everything)) throw new Refusal(method, 'no call is made');
  if (params.style === 'RPC' && params.path !== '/') throw new Refusal(method, 'an RPC operation with a path');
  if (!params.pathVariables.every((variable) => texts.includes(variable)))
    throw new Refusal(method, 'a path variable that is no argument');

  // An argument that is not in the path is not sent at all, by a slip of the package.
  const pathVariables = texts.filter((text) => params.pathVariables.includes(text));

  const fieldsOf = (model?: string): ReadonlyMap<string, Field> =>
    model === undefined ? new Map<string, Field>() : modelOf(models, model).fields;
  const outer = fieldsOf(requestModel);
  const inner = draft.inner === undefined ? undefined : outer.get(draft.inner)?.type;
  const fields = inner?.kind === 'model' ? fieldsOf(inner.name) : outer;
  const { isStream, ...placed } = readRequest(draft, method, fields, fieldsOf(headersModel));
  const { query, header, body, wholeBody } = placed;
  const names = [...query, ...header, ...body, ...(wholeBody ? [wholeBody] : [])].map((field) => field.name);
  const variables = pathVariables.map((variable) => (names.includes(variable) ? `${variable}InPath` : variable));
  refuseSameNames(method, [...variables, ...names]);

  const path = params.path.replace(/\{(\w+)\}/g, (_, each: string) => `{${variables[pathVariables.indexOf(each)]}}`);
  const doc = readDoc(method);
  const operation: Operation = {
    method: name,
    action: params.action,
    deprecated: doc.deprecated,
    docs: doc.lines,
    anonymous: params.anonymous,
    protocol,
    httpMethod: params.httpMethod,
    path: params.style === 'ROA' ? path : undefined,
    pathVariables: variables,
    requestModel,
    ...placed,
    bodyType: isStream ? 'bytes' : params.bodyType,
    responseModel,
    response: readResponse(method, params, draft, models),
    responseType: readResponseType(draft, params),
  };
  return { operation, version: params.version };
}

/** Path variables (`texts`), the request, headers, run-time options. */
function readArguments(method: ts.MethodDeclaration): {
  requestModel?: string;
  headersModel?: string;
  texts: string[];
} {
  const texts: string[] = [];
  const models: { requestModel?: string; headersModel?: string } = {};
  for (const argument of method.parameters) {
    const text = argument.getText().replace(/\s/g, '');
    const variable = /^(\w+):string$/.exec(text)?.[1];
    const requestModel = /^(?:request|tmpReq):(?:\$_model\.)?(\w+)$/.exec(text)?.[1];
    const headersModel = /^headers:(?:\$_model\.)?(\w+Headers)$/.exec(text)?.[1];
    if (variable !== undefined) texts.push(variable);
    else if (requestModel !== undefined) models.requestModel = requestModel;
    else if (headersModel !== undefined) models.headersModel = headersModel;
    else if (text !== 'headers:{[key:string]:string}' && !/^runtime:\$(?:dara|Util)\.RuntimeOptions$/.test(text)) {
      throw new Refusal(argument, 'not a known argument of an operation');
    }
  }
  return { ...models, texts };
}

/** The type of the response's body. `json` and `array` are read alike, and not all that say `array` have one: the class knows. */
function readResponse(method: ts.MethodDeclaration, params: Params, draft: Draft, models: Models): Type | undefined {
  const name = draft.responseModel ?? '';
  const type: Type | undefined = draft.isBodyAlone
    ? { kind: 'model', name }
    : modelOf(models, name).fields.get('body')?.type;
  const isJson = type?.kind === 'model' || type?.kind === 'map' || type?.kind === 'array';
  const fits = {
    none: type === undefined,
    string: type?.kind === 'string',
    array: isJson,
    json: isJson,
    binary: type?.kind === 'bytes',
  };
  if (!fits[params.responseType])
    throw new Refusal(method, `the response's class has no body of type ${params.responseType}`);
  return type;
}

function readResponseType(draft: Draft, { responseType }: Params): Operation['responseType'] {
  if (draft.isEvents) return 'events';
  if (responseType === 'binary') return 'bytes';
  return responseType === 'string' ? 'text' : 'json';
}

function refuseSameNames(method: ts.MethodDeclaration, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Refusal(method, `two fields of the request are called ${twice}`);
}

/** Reads one operation from its method: whatever is in there is understood, or the operation is refused. */
import type ts from 'typescript';
import { readDoc } from './read-doc.js';
import { modelOf } from './read-models.js';
import { readParams, type Params } from './read-params.js';
import { readRequest } from './read-request.js';
import { Refusal } from './refusal.js';
import { readStatement, type Draft } from './statements.js';
import type { Field, Models, Operation, Type } from './model.js';

export interface Read {
  readonly operation: Operation;
  /** The API's version, as the operation gives it. */
  readonly version: string;
}

/** Reads a method such as `describeRegionsWithOptions`; `name` is the one without `WithOptions`. */
export function readOperation(method: ts.MethodDeclaration, name: string, models: Models): Read {
  const { requestModel, pathVariables } = readArguments(method);
  const draft: Draft = { placements: [], shrunk: new Map() };
  for (const line of method.body?.statements ?? []) readStatement(draft, line);
  if (!draft.params || !draft.request || !draft.responseModel) throw new Refusal(method, 'no call is made');

  const params = readParams(draft.params);
  if (params.style === 'RPC' && params.path !== '/') throw new Refusal(draft.params, 'an RPC operation with a path');
  if (params.pathVariables.join() !== pathVariables.join()) throw new Refusal(method, 'path and arguments differ');
  const fields = requestModel === undefined ? noFields : modelOf(models, requestModel).fields;
  const placed = readRequest(draft, draft.request, fields);
  refuseSameNames(method, [...pathVariables, ...[...placed.query, ...placed.body].map((field) => field.name)]);

  const operation: Operation = {
    method: name,
    action: params.action,
    deprecated: readDoc(method).deprecated,
    anonymous: params.anonymous,
    protocol: draft.protocol,
    httpMethod: params.httpMethod,
    path: params.style === 'ROA' ? params.path : undefined,
    pathVariables,
    requestModel,
    ...placed,
    bodyType: params.bodyType,
    responseModel: draft.responseModel,
    response: readResponse(method, params, modelOf(models, draft.responseModel).fields),
    responseType: params.responseType === 'string' ? 'text' : 'json',
  };
  return { operation, version: params.version };
}

const noFields: ReadonlyMap<string, Field> = new Map();

/** Path variables, the request, headers, run-time options. */
function readArguments(method: ts.MethodDeclaration): { requestModel?: string; pathVariables: string[] } {
  const pathVariables: string[] = [];
  let request: { requestModel: string } | undefined;
  for (const argument of method.parameters) {
    const text = argument.getText().replace(/\s/g, '');
    const variable = /^(\w+):string$/.exec(text)?.[1];
    const requestModel = /^(?:request|tmpReq):\$_model\.(\w+)$/.exec(text)?.[1];
    if (variable !== undefined) pathVariables.push(variable);
    else if (requestModel !== undefined) request = { requestModel };
    else if (text !== 'headers:{[key:string]:string}' && text !== 'runtime:$dara.RuntimeOptions') {
      throw new Refusal(argument, 'not a known argument of an operation');
    }
  }
  return { ...request, pathVariables };
}

/** The type of the response's body. `json` and `array` are read alike, and not all that say `array` have one: the class knows. */
function readResponse(
  method: ts.MethodDeclaration,
  params: Params,
  fields: ReadonlyMap<string, Field>,
): Type | undefined {
  const type = fields.get('body')?.type;
  const isJson = type?.kind === 'model' || type?.kind === 'map' || type?.kind === 'array';
  const fits = { none: type === undefined, string: type?.kind === 'string', array: isJson, json: isJson };
  if (!fits[params.responseType])
    throw new Refusal(method, `the response's class has no body of type ${params.responseType}`);
  return type;
}

function refuseSameNames(method: ts.MethodDeclaration, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Refusal(method, `two fields of the request are called ${twice}`);
}

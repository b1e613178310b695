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

export interface VersionedOperation {
  readonly operation: Operation;
  /** The API's version, as the operation gives it. */
  readonly version: string;
}

/**
 * Reads a method such as `describeRegionsWithOptions`; `name` is what a user calls, and `ofClient` how the client signs
 * what it calls in no way of its own.
 */
export function readOperation(
  method: ts.MethodDeclaration,
  name: string,
  models: Models,
  ofClient?: Operation['protocol'],
): VersionedOperation {
  const { requestModel, headersModel, texts } = readArguments(method);
  const draft: Draft = { placements: [], headers: [], shrunk: new Map(), shrunkHeaders: new Map(), encoded: [] };
  for (const line of method.body?.statements ?? []) readStatement(draft, line);
  const { params, responseModel } = draft;
  if (!params || !responseModel || !(draft.request ?? draft.everything ?? draft.isBare))
    throw new Refusal(method, 'no call is made');
  if (params.style === 'RPC' && params.path !== '/') throw new Refusal(method, 'an RPC operation with a path');
  if (!params.pathVariables.every((variable) => texts.includes(variable)))
    throw new Refusal(method, 'a path variable that is no argument');
  const { encoded } = draft;
  const isEncodedTwice = (each: string, index: number): boolean =>
    params.encodedVariables.includes(each) || encoded.indexOf(each) !== index;
  if (encoded.some((each) => !texts.includes(each)) || encoded.some(isEncodedTwice))
    throw new Refusal(method, 'an argument that is not encoded once');
  // The library signs streams of events in the newer way alone.
  const protocol = draft.protocol ?? (draft.isEvents ? undefined : ofClient);

  // An argument that is not in the path is not sent at all, by a slip of the package.
  const pathVariables = texts.filter((text) => params.pathVariables.includes(text));

  const fieldsOf = (model?: string): ReadonlyMap<string, Field> =>
    model === undefined ? new Map<string, Field>() : modelOf(models, model).fields;
  const outer = fieldsOf(requestModel);
  const inner = draft.inner === undefined ? undefined : outer.get(draft.inner)?.type;
  const fields = inner?.kind === 'model' ? fieldsOf(inner.name) : outer;
  const { isStream, ...placed } = readRequest(draft, method, fields, fieldsOf(headersModel));
  if (isStream && protocol === 'V1') throw new Refusal(method, 'bytes, which the older protocol does not send');
  const { query, header, body, wholeBody } = placed;
  // What is sent in two places is one field of the request.
  const sent = new Set([...query, ...body, ...(wholeBody ? [wholeBody] : [])]);
  const names = [...new Set([...sent].map((field) => field.name)), ...header.map((field) => field.name)];
  const variables = pathVariables.map((variable) => (names.includes(variable) ? `${variable}InPath` : variable));
  refuseSameNames(method, [...variables, ...names]);

  const path = params.path.replace(/\{(\w+)\}/g, (_, each: string) => `{${variables[pathVariables.indexOf(each)]}}`);
  const doc = readDoc(method);
  const response = readResponse(method, params, draft, models);
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
    response,
    responseType: readResponseType(draft, params, response),
  };
  return { operation, version: params.version };
}

/** What a caller of the method calls its arguments. */
export function argumentsOf(method: ts.MethodDeclaration, request = 'request'): string[] {
  const names: Readonly<Record<string, string>> = { request, tmpReq: request, tmpHeader: 'headers' };
  return method.parameters.map(({ name }) => names[name.getText()] ?? name.getText());
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
    const headersModel = /^(?:headers|tmpHeader):(?:\$_model\.)?(\w+Headers)$/.exec(text)?.[1];
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
  // What nothing describes is handed on as the text that it came as.
  if (params.responseType === 'any' && !isJson) return { kind: 'string' };
  const fits = {
    none: type === undefined,
    string: type?.kind === 'string',
    array: isJson,
    json: isJson,
    binary: type?.kind === 'bytes',
    any: isJson,
  };
  if (!fits[params.responseType])
    throw new Refusal(method, `the response's class has no body of type ${params.responseType}`);
  return type;
}

function readResponseType(
  draft: Draft,
  { responseType }: Params,
  response: Type | undefined,
): Operation['responseType'] {
  if (draft.isEvents) return 'events';
  if (responseType === 'binary') return 'bytes';
  return response?.kind === 'string' ? 'text' : 'json';
}

function refuseSameNames(method: ts.MethodDeclaration, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Refusal(method, `two fields of the request are called ${twice}`);
}

/** The first stage: the request becomes a path, a query, headers and a body, or is refused. */
import { InvalidRequestError } from '../errors.js';
import { parseBody, parseFields, type Body, type Field } from '../schema/grammar.js';
import { flatten } from '../schema/flatten.js';
import { report } from '../schema/report.js';
import { requestType } from '../schema/request-types.js';
import { isAbsent, isObject } from '../schema/values.js';
import { shrink, writeJson } from '../schema/write-json.js';
import type { AnyOperation } from '../service.js';
import { canonicalQuery, percentEncode } from '../signature/percent-encode.js';
import { isHeaderValue } from '../transport/header-value.js';

export interface EncodedRequest {
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export type Encode = (request: unknown, regionId: string | undefined) => EncodedRequest;

type Values = Readonly<Record<string, unknown>>;

/** Prepares an operation's encoder: its tables are parsed and its codec is built here, once. */
export function encoderOf(operation: AnyOperation): Encode {
  const path = (operation.path ?? '/').split(/\{([^}]*)\}/);
  const pathFields = path.filter((_, index) => index % 2 === 1).map(pathField);
  const query = parseFields(operation.query ?? '');
  const header = parseFields(operation.header ?? '');
  const body = operation.body === undefined ? undefined : parseBody(operation.body);
  const bodyType = operation.bodyType ?? (operation.path === undefined ? 'form' : 'json');
  const contentType = bodyType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8';
  const fields = [...pathFields, ...query, ...header, ...(body === undefined ? [] : fieldsOf(body))];
  const type = requestType(fields);
  const region = fields.find((field) => field.isRegion);

  return (request, regionId) => {
    const result = type.decode(withRegion(request ?? {}, region, regionId));
    if (result._tag === 'Left') throw new InvalidRequestError(operation.action, report(result.left, 'request'));
    // The type has just said so.
    const values = result.right as Values;
    checkPath(operation, pathFields, values);
    const written = body === undefined ? undefined : writeBody(body, bodyType, values);
    return {
      path: path.map((part, index) => (index % 2 === 0 ? part : percentEncode(String(values[part])))).join(''),
      query: writeParameters(query, values),
      headers: {
        ...writeHeaders(operation, header, values),
        ...(written === undefined ? {} : { 'content-type': contentType }),
      },
      body: written,
    };
  };
}

/** The client's region stands in for the one that a request does not name. */
function withRegion(request: unknown, field: Field | undefined, regionId: string | undefined): unknown {
  if (field === undefined || regionId === undefined || !isObject(request) || !isAbsent(request[field.name]))
    return request;
  return { ...request, [field.name]: regionId };
}

function pathField(name: string): Field {
  return { name, schema: { kind: 'string' }, required: true };
}

/** An empty segment or one of dots would make another path of it, and a URL parser takes dots for what they look like even when encoded. */
function checkPath({ action }: AnyOperation, fields: readonly Field[], values: Values): void {
  for (const { name } of fields) {
    const value = String(values[name]);
    if (value !== '' && value !== '.' && value !== '..') continue;
    const refusal = { path: name, expected: 'a non-empty string other than . and ..', received: JSON.stringify(value) };
    throw new InvalidRequestError(action, [refusal]);
  }
}

function fieldsOf(body: Body): readonly Field[] {
  return 'whole' in body ? [body.whole] : body.fields;
}

function writeParameters(fields: readonly Field[], values: Values): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const { name, schema, style } of fields) {
    const value = values[name];
    if (isAbsent(value)) continue;
    if (style === undefined) flatten(parameters, name, value);
    else parameters.set(name, shrink(schema, style, value));
  }
  return parameters;
}

function writeHeaders({ action }: AnyOperation, fields: readonly Field[], values: Values): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [path, value] of writeParameters(fields, values)) {
    if (!isHeaderValue(value)) {
      const refusal = { path, expected: 'text on one line, in Latin-1', received: 'other characters' };
      throw new InvalidRequestError(action, [refusal]);
    }
    headers[path.toLowerCase()] = value;
  }
  return headers;
}

function writeBody(body: Body, bodyType: 'form' | 'json', values: Values): string | undefined {
  if ('whole' in body) {
    const { name, schema, style } = body.whole;
    const value = values[name];
    if (isAbsent(value)) return undefined;
    return style === undefined ? writeJson(schema, value) : shrink(schema, style, value);
  }
  if (bodyType === 'form') return canonicalQuery(writeParameters(body.fields, values));
  return writeJson({ kind: 'struct', fields: body.fields }, values);
}

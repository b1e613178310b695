/** A request on the wire back to the object that the caller passed. */
import type { Field } from '../schema/grammar.js';
import { parseJson } from '../schema/json.js';
import { isObject } from '../schema/values.js';
import { apiError, invalidParameter, missingParameter } from './api-error.js';
import { decodeFlat, decodeValue } from './decode-flat.js';
import { decodeJson } from './decode-json.js';
import type { CompiledOperation } from './operations.js';
import { rpcParameters, type ParsedRequest } from './wire.js';

/** Throws as the service refuses: the wrong method or path, a missing parameter, one of the wrong type. */
export function decodeRequest(operation: CompiledOperation, request: ParsedRequest): Record<string, unknown> {
  const decoded =
    operation.path === undefined ? decodeRpc(operation, request) : decodeRoa(operation, operation.path, request);
  return operation.header.length === 0 ? decoded : { ...decoded, ...decodeHeaders(operation.header, request) };
}

/** RPC takes a parameter from the query and from a form alike. */
function decodeRpc(operation: CompiledOperation, request: ParsedRequest): Record<string, unknown> {
  if (request.path !== '/' && request.path !== '') throw noSuchPath(request);
  if (request.method !== 'POST' && request.method !== 'GET' && request.method !== operation.method) {
    throw wrongMethod(request, 'GET or POST');
  }
  if (request.hasForm && 'fields' in operation.body) {
    return decodeFlat([...operation.query, ...operation.body.fields], rpcParameters(request));
  }
  return { ...decodeFlat(operation.query, request.query), ...decodeBody(operation, request) };
}

function decodeRoa(
  operation: CompiledOperation,
  pattern: NonNullable<CompiledOperation['path']>,
  request: ParsedRequest,
): Record<string, unknown> {
  const variables = pattern(request.path);
  if (variables === undefined) throw noSuchPath(request);
  if (request.method !== operation.method) throw wrongMethod(request, operation.method);
  // A body may repeat a variable of the path; which resource is meant, the path says.
  return { ...decodeFlat(operation.query, request.query), ...decodeBody(operation, request), ...variables };
}

function decodeBody({ body, descriptor }: CompiledOperation, request: ParsedRequest): Record<string, unknown> {
  if ('fields' in body) {
    if (body.fields.length === 0) return {};
    if (request.hasForm) return decodeFlat(body.fields, request.form());
    const value = request.body.length === 0 ? {} : jsonBody(request);
    if (!isObject(value)) throw invalidParameter('Body', 'a JSON object');
    return decodeJson({ kind: 'struct', fields: body.fields }, value, '') as Record<string, unknown>;
  }
  const { name, schema, required } = body.whole;
  if (request.body.length === 0) {
    if (required) throw missingParameter(name);
    return {};
  }
  if (descriptor.bodyType === 'bytes') return { [name]: bytesOf(request) };
  if (request.hasForm) return decodeFlat([body.whole], flatWhole(body.whole, request));
  const isText = schema.kind === 'string';
  return { [name]: isText ? request.text() : decodeJson(schema, jsonBody(request), name) };
}

function bytesOf({ body }: ParsedRequest): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  // A `Buffer` writes itself as JSON, a number for each byte.
  return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
}

/** A form that is one field's value does not repeat the field's name. */
function flatWhole({ name }: Field, request: ParsedRequest): (readonly [string, string])[] {
  return request.form().map(([key, value]) => [`${name}.${key}`, value]);
}

function jsonBody(request: ParsedRequest): unknown {
  try {
    return parseJson(request.text());
  } catch (error) {
    // Nested too deep for the stack, it is JSON all the same.
    throw invalidParameter('Body', error instanceof RangeError ? 'JSON of less depth' : 'JSON');
  }
}

function decodeHeaders(fields: readonly Field[], { headers }: ParsedRequest): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const field of fields) {
    const value = headers[field.name.toLowerCase()];
    if (value !== undefined) decoded[field.name] = decodeValue(field, value);
    else if (field.required) throw missingParameter(field.name);
  }
  return decoded;
}

function noSuchPath({ method, path }: ParsedRequest): Error {
  return apiError(
    404,
    'InvalidAction.NotFound',
    `Specified api is not found, please check your url and method: ${method} ${path}.`,
  );
}

function wrongMethod({ method }: ParsedRequest, expected: string): Error {
  return apiError(
    400,
    'UnsupportedHTTPMethod',
    `This http method is not supported: expected ${expected}, got ${method}.`,
  );
}

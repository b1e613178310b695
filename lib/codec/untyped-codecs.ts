/** Checks and encodes calls without a description, by what they say themselves. */
import { InvalidRequestError } from '../errors.js';
import { parseFields, type Field } from '../schema/grammar.js';
import { stringifyJson } from '../schema/json.js';
import { anything, requestType } from '../schema/request-types.js';
import { isAbsent, isObject } from '../schema/values.js';
import type { AnyOperation, BodyType } from '../service.js';
import type { Codecs } from './codecs.js';
import { contentKinds, isContent, notABody, pendingBodyOf } from './content.js';
import { decoderOf } from './decode.js';
import { flattenMembers, writtenBytes, writtenForm, writtenJson, type WrittenBody } from './encode-body.js';
import { isToken, isTokenName } from './client-token.js';
import { parsePath } from './encode-path.js';
import { hasBody } from './complete.js';
import type { Encode } from './encode.js';
import { checkedHeaders } from './extra-parameters.js';
import { isRegionName } from './region.js';
import { refuseRequest } from './explain-request.js';
import { readable } from './readable.js';
import type { UntypedRequest } from './untyped.js';

/** Gives the codecs of a call, or throws an `SDK.InvalidRequest` where something is missing or of the wrong type. */
export type UntypedCodecs = (operation: AnyOperation, request: unknown) => Codecs;

/** What it gives is made for each call: there is nothing in it that is worth keeping. */
export function untypedCodecs(): UntypedCodecs {
  const type = requestType([...parseFields(table), ...elsewhere.map(unchecked)]);
  return (operation, request) => {
    const checked = readable(operation.action || 'The request', () => check(type, request));
    return { encode: encoderOf(operation, checked), decode: decoderOf(operation) };
  };
}

/** What a request can say, and of which types. */
const table =
  'product:s!,version:s!,action:s!,style:s,method:s,path:s,pathVariables:<s>,query:<a>,headers:<s>,bodyType:s,' +
  'responseType:s,anonymous:b,signature:s';

/** Checked with the options of calls, and the body by its own type. */
const elsewhere =
  'body,regionId,endpoint,credentials,connectTimeout,readTimeout,timeout,deadline,retry,maxRetryAfter,strict,tag,observe'.split(
    ',',
  );

function unchecked(name: string): Field {
  return { name, schema: anything, required: false };
}

/** What some of them can be. The product becomes part of a host name. */
const allowed: Readonly<Record<string, readonly [pattern: RegExp, expected: string]>> = {
  product: [/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/i, "a product's code such as Ecs"],
  version: [/^[\x21-\x7e]+$/, 'an API version such as 2014-05-26'],
  action: [/^[\x21-\x7e]+$/, "an operation's name such as DescribeRegions"],
  style: [/^(?:RPC|ROA)$/, "'RPC' or 'ROA'"],
  method: [/^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/, 'the name of an HTTP method, in capitals'],
  path: [/^(?:\/[^#]*|\{[^{}]*\}(?:\?[^#]*)?)$/, "a path that begins with '/'"],
  bodyType: [/^(?:form|json|bytes)$/, "'form', 'json' or 'bytes'"],
  responseType: [/^(?:json|text|bytes|events)$/, "'json', 'text', 'bytes' or 'events'"],
  signature: [/^V[13]$/, "'V3' or 'V1'"],
};

function check(type: ReturnType<typeof requestType>, request: unknown): UntypedRequest {
  const action = isObject(request) && typeof request.action === 'string' ? request.action : 'The request';
  if (!type.is(request)) refuseRequest({ action, type, request });
  for (const [path, [pattern, expected]] of Object.entries(allowed)) {
    const value = (request as Readonly<Record<string, string | undefined>>)[path];
    if (isAbsent(value) || pattern.test(value)) continue;
    throw new InvalidRequestError(action, [{ path, expected, received: JSON.stringify(value) }]);
  }
  // The type has just said so.
  return request as UntypedRequest;
}

function encoderOf(operation: AnyOperation, request: UntypedRequest): Encode {
  const { action, path: template } = operation;
  return (_request, { protocol }) => {
    const { pathVariables = {}, query = {}, headers = {}, body } = request;
    const path = parsePath(template);
    for (const { name } of path.fields) {
      if (typeof pathVariables[name] === 'string') continue;
      throw new InvalidRequestError(action, [
        { path: `pathVariables.${name}`, expected: 'a string', received: 'nothing' },
      ]);
    }
    const bodyType = request.bodyType ?? (template === undefined ? 'form' : 'json');
    const isOlderRpc = template === undefined && protocol === 'V1';
    const flatQuery = flattenMembers(query);
    const written = isAbsent(body) ? undefined : write(action, isOlderRpc ? 'form' : bodyType, body);
    const inQuery: readonly Member[] = [...flatQuery];
    const inBody = membersOf(written, body);
    return {
      path: path.write(action, pathVariables),
      query: new Map([...path.query, ...flatQuery]),
      headers: {
        ...(written === undefined ? {} : { 'content-type': written.contentType }),
        // A body may be of another type than those that are known here.
        ...checkedHeaders(headers),
      },
      idempotent: inQuery.some(isTokenMember) || (hasBody(operation) && inBody.some(isTokenMember)),
      regionId: [...inQuery, ...inBody].find(([name]) => isRegionName(name))?.[1],
      form: written?.form,
      body: written?.body,
    };
  };
}

type Member = readonly [name: string, value: unknown];

function isTokenMember([name, value]: Member): boolean {
  return isTokenName(name) && isToken(value);
}

/** The members of a body that has some: a form's, or those of what is written as JSON. */
function membersOf(written: WrittenBody | undefined, body: unknown): readonly Member[] {
  if (written?.form !== undefined) return [...written.form];
  return written?.contentType.startsWith('application/json') === true && isObject(body) ? Object.entries(body) : [];
}

function write(action: string, bodyType: BodyType, body: unknown): WrittenBody {
  if (bodyType !== 'bytes') {
    const type = requestType([{ name: 'body', schema: { kind: 'any' }, required: false }]);
    if (!type.is({ body })) refuseRequest({ action, type, request: { body } }, 'body');
  }
  if (bodyType === 'json') return writtenJson(typeof body === 'string' ? body : (stringifyJson(body) ?? 'null'));
  if (bodyType === 'bytes' && isContent(body)) return writtenBytes(pendingBodyOf(body));
  if (bodyType === 'form' && isObject(body)) return writtenForm(flattenMembers(body));
  const expected = bodyType === 'bytes' ? contentKinds : 'an object, as it is sent as a form';
  throw notABody(action, 'body', expected, body);
}

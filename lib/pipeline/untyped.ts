/** A call without a description: what its tables would say, its caller says. */
import type { CallOptions } from '../config.js';
import { InvalidRequestError } from '../errors.js';
import { parseFields } from '../schema/grammar.js';
import { stringifyJson } from '../schema/json.js';
import { report } from '../schema/report.js';
import { requestType } from '../schema/request-types.js';
import { isAbsent, isObject } from '../schema/values.js';
import type { AnyOperation, BodyType, HttpMethod, Protocol, ResponseType } from '../service.js';
import { contentInWords, isContent, notABody, unreadOf } from './content.js';
import { decoderOf } from './decode.js';
import { flattenMembers, writtenBytes, writtenForm, writtenJson, type WrittenBody } from './encode-body.js';
import { parsePath } from './encode-path.js';
import type { Encode } from './encode.js';
import { checkedHeaders } from './extras.js';
import type { Codecs } from './pipeline.js';

/** Any call to any product. */
export interface UntypedRequest extends Omit<CallOptions, 'headers' | 'query' | 'observe'> {
  /** The product's code, such as `Ecs`. */
  readonly product: string;
  /** The API version, such as `2014-05-26`. */
  readonly version: string;
  /** The operation's name, such as `DescribeRegions`. */
  readonly action: string;
  /** @default 'ROA' where there is a `path`, else 'RPC' */
  readonly style?: 'RPC' | 'ROA' | undefined;
  /** @default 'POST' */
  readonly method?: HttpMethod | undefined;
  /** The path of a ROA operation, with what `pathVariables` has in braces: `/clusters/{ClusterId}`. @default '/' */
  readonly path?: string | undefined;
  /** The values of the path's variables; they are percent-encoded. */
  readonly pathVariables?: Readonly<Record<string, string>> | undefined;
  /** Parameters, which may be structured: `{ Tag: [{ Key: 'a' }] }` is sent as `Tag.1.Key=a`. */
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** An object, or anything else that the body's type allows: any JSON value, a text that is JSON already, bytes. */
  readonly body?: unknown;
  /** @default 'form' for RPC, 'json' for ROA */
  readonly bodyType?: BodyType | undefined;
  /** @default 'json' */
  readonly responseType?: ResponseType | undefined;
  /** Sent without a signature. @default false */
  readonly anonymous?: boolean | undefined;
  /** In place of the client's. */
  readonly signature?: Protocol | undefined;
}

/** What the pipeline is to be told for one such call. Made for each call: there is nothing in it that is worth keeping. */
export interface UntypedCall {
  readonly operation: AnyOperation;
  readonly codecs: Codecs;
  readonly options: CallOptions;
}

/** Reads a client's calls. Throws an `SDK.InvalidRequest` where something is missing or of the wrong type. */
export function untypedCalls(): (request: UntypedRequest) => UntypedCall {
  // Built with the first call: most clients make none.
  let type: ReturnType<typeof requestType> | undefined;
  return (request) => {
    type ??= requestType(parseFields(table));
    check(type, request);
    return untypedCall(request);
  };
}

function untypedCall(request: UntypedRequest): UntypedCall {
  const { product, version, action, style, method, path, responseType, anonymous, signature } = request;
  const isRoa = style === 'ROA' || (style === undefined && path !== undefined);
  const operation: AnyOperation = {
    // A good guess at the host, for all that `endpoint` and the client's `endpoints` do not say.
    service: { product, version, endpoints: { prefix: product.toLowerCase(), rule: 'regional', regions: {} } },
    action,
    response: 'a',
    ...(isRoa ? { path: path ?? '/' } : {}),
    ...(method === undefined ? {} : { method }),
    ...(responseType === undefined ? {} : { responseType }),
    ...(anonymous === true ? { anonymous } : {}),
    ...(signature === undefined ? {} : { protocol: signature }),
  };
  const { regionId, endpoint, credentials, timeout } = request;
  return {
    operation,
    codecs: { encode: encoderOf(operation, request), decode: decoderOf(operation) },
    options: { regionId, endpoint, credentials, timeout },
  };
}

/** All that a request can say, and of which types. */
const table =
  'product:s!,version:s!,action:s!,style:s,method:s,path:s,pathVariables:<s>,query:<a>,headers:<s>,body:a,bodyType:s,' +
  'responseType:s,anonymous:b,signature:s,regionId:a,endpoint:a,timeout:a';

/** What some of them can be. The product becomes part of a host name. */
const allowed: Readonly<Record<string, readonly [pattern: RegExp, expected: string]>> = {
  product: [/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/i, "a product's code such as Ecs"],
  version: [/^[\x21-\x7e]+$/, 'an API version such as 2014-05-26'],
  action: [/^[\x21-\x7e]+$/, "an operation's name such as DescribeRegions"],
  style: [/^(?:RPC|ROA)$/, "'RPC' or 'ROA'"],
  method: [/^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/, 'the name of an HTTP method, in capitals'],
  path: [/^\/[^#]*$/, "a path that begins with '/'"],
  bodyType: [/^(?:form|json|bytes)$/, "'form', 'json' or 'bytes'"],
  responseType: [/^(?:json|text|bytes|events)$/, "'json', 'text', 'bytes' or 'events'"],
  signature: [/^V[13]$/, "'V3' or 'V1'"],
};

function check(type: ReturnType<typeof requestType>, request: UntypedRequest): void {
  const { credentials: _credentials, ...rest } = isObject(request) ? request : {};
  const result = type.decode(isObject(request) ? rest : request);
  const action = isObject(request) && typeof request.action === 'string' ? request.action : 'The request';
  if (result._tag === 'Left') throw new InvalidRequestError(action, report(result.left, 'request'));
  for (const [path, [pattern, expected]] of Object.entries(allowed)) {
    const value = (rest as Readonly<Record<string, string | undefined>>)[path];
    if (isAbsent(value) || pattern.test(value)) continue;
    throw new InvalidRequestError(action, [{ path, expected, received: JSON.stringify(value) }]);
  }
}

function encoderOf({ action, path: template }: AnyOperation, request: UntypedRequest): Encode {
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
    const written = isAbsent(body) ? undefined : write(action, isOlderRpc ? 'form' : bodyType, body);
    return {
      path: path.write(action, pathVariables),
      query: new Map([...path.query, ...flattenMembers(query)]),
      headers: {
        ...(written === undefined ? {} : { 'content-type': written.contentType }),
        // A body may be of another type than those that are known here.
        ...checkedHeaders(headers),
      },
      form: written?.form,
      body: written?.body,
    };
  };
}

function write(action: string, bodyType: BodyType, body: unknown): WrittenBody {
  if (bodyType === 'json') return writtenJson(typeof body === 'string' ? body : (stringifyJson(body) ?? 'null'));
  if (bodyType === 'bytes' && isContent(body)) return writtenBytes(unreadOf(body));
  if (bodyType === 'form' && isObject(body)) return writtenForm(flattenMembers(body));
  const expected = bodyType === 'bytes' ? contentInWords : 'an object, as it is sent as a form';
  throw notABody(action, 'body', expected, body);
}

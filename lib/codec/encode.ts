/** The first stage: the request becomes a path, a query, headers and a body, or is refused. */
import { isRead } from '../retry/is-read.js';
import { parseFields, type Field } from '../schema/grammar.js';
import { requestType } from '../schema/request-types.js';
import { entriesOf, isAbsent, isPlainObject } from '../schema/values.js';
import { isToken, isTokenName } from './client-token.js';
import type { AnyOperation } from '../service.js';
import { contentKinds, isContent, notABody, type PendingBody } from './content.js';
import { parseBodyTemplate } from './encode-body.js';
import { writeHeaders, writeParameters, type Values } from './encode-parameters.js';
import { isRegionField } from './region.js';
import { UnfitRequest } from './unfit-request.js';
import { parsePath } from './encode-path.js';
import type { Writing } from './writing.js';

export interface EncodedRequest {
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it carries a `ClientToken`, so that the server executes it once however often it comes. */
  readonly idempotent: boolean;
  /** What it says of the region, where it has a field for that. */
  readonly regionId?: unknown;
  /** The parameters of a form that is the body. */
  readonly form?: ReadonlyMap<string, string> | undefined;
  readonly body?: string | Uint8Array | undefined;
}

/** An encoded request whose body may yet have to be read. */
export type PendingRequest = Omit<EncodedRequest, 'body'> & { readonly body?: PendingBody | undefined };

/** What an encoder is told beside the request. */
export interface Encoding {
  readonly regionId: string | undefined;
  readonly protocol: Writing;
  /** Makes the `ClientToken` that an operation has a field of this name for, and its request none; absent where none is to be filled in. */
  readonly clientToken?: ((name: string) => string) | undefined;
}

export type Encode = (request: unknown, encoding: Encoding) => PendingRequest;

/** Prepares an operation's encoder: its tables are parsed and its codec is built here, once. */
export function encoderOf(operation: AnyOperation): Encode {
  const { action } = operation;
  const path = parsePath(operation.path);
  const query = parseFields(operation.query ?? '');
  const header = parseFields(operation.header ?? '');
  const body = parseBodyTemplate(operation);
  const fields = [...path.fields, ...query, ...header, ...body.fields];
  const type = requestType(fields);
  const region = fields.find((field) => field.isRegion);
  const regionField = region ?? fields.find(isRegionField);
  // One in the body of a GET would not be sent.
  const token = isRead(operation)
    ? undefined
    : [...query, ...header, ...(hasBody(operation) ? body.fields : [])].find(isClientToken);

  return (request, { regionId, protocol, clientToken }) => {
    const complete = filledIn(
      filledIn(request ?? {}, region, isAbsent, () => regionId),
      token,
      isBlank,
      clientToken,
    );
    if (!type.is(complete)) throw new UnfitRequest(action, type, complete);
    // The type has just said so.
    const values = complete as Values;
    if (body.bytes !== undefined) checkContent(action, body.bytes.name, values);
    const written = body.write(values, protocol);
    return {
      path: path.write(action, values),
      query: new Map([...path.query, ...writeParameters(query, values)]),
      headers: {
        ...writeHeaders(action, writeParameters(header, values)),
        ...(written === undefined ? {} : { 'content-type': written.contentType }),
      },
      idempotent: token !== undefined && isToken(values[token.name]),
      regionId: regionField && values[regionField.name],
      form: written?.form,
      body: written?.body,
    };
  };
}

/** What the client knows stands in for what a request does not say: its region, and a `ClientToken`. */
function filledIn(
  request: unknown,
  field: Field | undefined,
  isMissing: (value: unknown) => boolean,
  make: ((name: string) => string | undefined) | undefined,
): unknown {
  if (field === undefined || !isPlainObject(request) || !isMissing(request[field.name])) return request;
  const value = make?.(field.name);
  if (value === undefined) return request;
  return Object.fromEntries([...entriesOf(request), [field.name, value]]);
}

export function hasBody({ method }: AnyOperation): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

function isClientToken({ name, schema }: Field): boolean {
  return isTokenName(name) && schema.kind === 'string';
}

/** Nothing that a server could take for a `ClientToken`. */
function isBlank(value: unknown): boolean {
  return isAbsent(value) || (typeof value === 'string' && value.trim() === '');
}

function checkContent(action: string, path: string, { [path]: content }: Values): void {
  if (isAbsent(content) || isContent(content)) return;
  throw notABody(action, path, contentKinds, content);
}

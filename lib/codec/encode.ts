/** The first stage: the request becomes a path, a query, headers and a body, or is refused. */
import { parseFields } from '../schema/grammar.js';
import { requestType } from '../schema/request-types.js';
import { isToken } from './client-token.js';
import { completed, knownFieldsOf, type Completion } from './complete.js';
import type { AnyOperation } from '../service.js';
import { checkContent, type PendingBody } from './content.js';
import { parseBodyTemplate } from './encode-body.js';
import { writeHeaders, writeParameters, type Values } from './encode-parameters.js';
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
  /** SHA-256 of the body in hex. Known once it is signed: a repetition need not make it again. */
  bodyHash?: string | undefined;
}

/** An encoded request whose body may yet have to be read. */
export type PendingRequest = Omit<EncodedRequest, 'body'> & { readonly body?: PendingBody | undefined };

/** What an encoder is told beside the request. */
export interface Encoding extends Completion {
  readonly protocol: Writing;
}

export type Encode = (request: unknown, encoding: Encoding) => PendingRequest;

/** Prepares an operation's encoder: its tables are parsed and its codec is built here, once. */
export function encoderOf(operation: AnyOperation): Encode {
  const { action } = operation;
  const path = parsePath(operation.path);
  const query = parseFields(operation.query ?? '');
  const header = parseFields(operation.header ?? '');
  const body = parseBodyTemplate(operation);
  const known = knownFieldsOf(operation, { path: path.fields, query, header, body: body.fields });
  const { token, regionNamed } = known;
  const type = requestType([...path.fields, ...query, ...header, ...body.fields]);

  return (request, encoding) => {
    const complete = completed(request, known, encoding);
    if (!type.is(complete)) throw new UnfitRequest(action, type, complete);
    // The type has just said so.
    const values = complete as Values;
    if (body.bytes !== undefined) checkContent(action, body.bytes.name, values[body.bytes.name]);
    const written = body.write(values, encoding.protocol);
    return {
      path: path.write(action, values),
      query: writeParameters(query, values, path.query),
      headers: {
        ...writeHeaders(action, writeParameters(header, values)),
        ...(written === undefined ? {} : { 'content-type': written.contentType }),
      },
      idempotent: token !== undefined && isToken(values[token.name]),
      regionId: regionNamed && values[regionNamed.name],
      form: written?.form,
      body: written?.body,
    };
  };
}

/** A request as a gateway takes it: as its caller has given it, in JSON, and its binary contents apart. */
import { parseBody, parseFields, type Field } from '../schema/grammar.js';
import { anything, requestType } from '../schema/request-types.js';
import { writeJson } from '../schema/write-json.js';
import type { AnyOperation } from '../service.js';
import { isToken } from './client-token.js';
import { completed, knownFieldsOf, type Completion } from './complete.js';
import { checkContent } from './content.js';
import { UnfitRequest } from './unfit-request.js';
import { fileFieldsOf, replaced, type FileField } from './upload-fields.js';

/** A request whose contents may yet have to be read. */
export interface GatewayRequest {
  readonly json: string;
  /** What is not in the JSON. */
  readonly contents: readonly FileField[];
  /** Whether it carries a `ClientToken`. */
  readonly idempotent: boolean;
  /** What it says of the region. */
  readonly regionId: unknown;
}

export type WriteGatewayRequest = (request: unknown, completion: Completion) => GatewayRequest;

/** Prepares what writes an operation's requests: its tables are parsed here, once. */
export function gatewayWriterOf(operation: AnyOperation): WriteGatewayRequest {
  const { action, query = '', header = '' } = operation;
  const { fields: body, bytes } = bodyOf(operation);
  const placed = { path: variablesOf(operation), query: parseFields(query), header: parseFields(header), body };
  const fields = distinct(Object.values(placed).flat());
  const known = knownFieldsOf(operation, placed);
  const type = requestType(fields);

  return (given, completion) => {
    const request = completed(given, known, completion);
    const files = fileFieldsOf(operation, request);
    const checked = files.reduce((changed, { keys }) => replaced(changed, keys, 'https://localhost/'), request);
    if (!type.is(checked)) throw new UnfitRequest(action, type, checked);
    // The type has just said so.
    const values = files.reduce((changed, { keys }) => replaced(changed, keys, undefined), request) as Values;
    const content = bytes && values[bytes.name];
    if (bytes !== undefined) checkContent(action, bytes.name, content);
    // A text is a content that JSON can hold.
    const isApart = typeof content === 'object' && content !== null;
    const written = isApart ? fields.filter((field) => field !== bytes) : fields;
    return {
      json: writeJson({ kind: 'struct', fields: written }, values, false),
      contents: isApart && bytes ? [...files, { keys: [bytes.name], content: content as FileField['content'] }] : files,
      idempotent: known.token !== undefined && isToken(values[known.token.name]),
      regionId: known.regionNamed && values[known.regionNamed.name],
    };
  };
}

type Values = Readonly<Record<string, unknown>>;

function bodyOf({ body, bodyType }: AnyOperation): { readonly fields: readonly Field[]; readonly bytes?: Field } {
  if (body === undefined) return { fields: [] };
  const parsed = parseBody(body);
  if (!('whole' in parsed)) return parsed;
  if (bodyType !== 'bytes') return { fields: [parsed.whole] };
  const bytes = { ...parsed.whole, schema: anything };
  return { fields: [bytes], bytes };
}

function variablesOf({ path = '' }: AnyOperation): Field[] {
  const [template = ''] = path.split('?');
  return [...template.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => ({
    name,
    schema: { kind: 'string' },
    required: true,
  }));
}

/** A name may stand in two places, and in JSON it must not. */
function distinct(fields: readonly Field[]): Field[] {
  return [...new Map(fields.map((field) => [field.name, field])).values()];
}

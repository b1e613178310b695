/** The body of a request: a form, JSON, or bytes as they are. */
import { parseBody, type Body, type Field } from '../schema/grammar.js';
import { anything } from '../schema/request-types.js';
import { flatten } from '../schema/flatten.js';
import { entriesOf, isAbsent, isObject } from '../schema/values.js';
import { shrink, writeJson } from '../schema/write-json.js';
import type { AnyOperation, BodyType } from '../service.js';
import { canonicalQuery } from './percent-encode.js';
import { pendingBodyOf, type PendingBody } from './content.js';
import { writeParameters, type Values } from './encode-parameters.js';
import type { Writing } from './writing.js';

export interface WrittenBody {
  readonly body: PendingBody;
  /** The parameters of a form. */
  readonly form?: ReadonlyMap<string, string>;
  readonly contentType: string;
}

export interface BodyTemplate {
  readonly fields: readonly Field[];
  /** Of bytes, the one field that they are. */
  readonly bytes?: Field;
  /** `undefined` where there is none to send. */
  write(values: Values, protocol: Writing): WrittenBody | undefined;
}

export function parseBodyTemplate(operation: AnyOperation): BodyTemplate {
  if (operation.body === undefined) return { fields: [], write: () => undefined };
  const body = parseBody(operation.body);
  const isRpc = operation.path === undefined;
  const bodyType = operation.bodyType ?? (isRpc ? 'form' : 'json');
  if (bodyType === 'bytes' && 'whole' in body) return bytesTemplate(body.whole);
  return {
    fields: 'whole' in body ? [body.whole] : body.fields,
    // The older RPC protocol signs the parameters of a form, and knows no other body.
    write: (values, protocol) => write(body, isRpc && protocol === 'V1' ? 'form' : bodyType, values),
  };
}

export function writtenForm(form: ReadonlyMap<string, string>): WrittenBody {
  return { body: canonicalQuery(form), form, contentType: 'application/x-www-form-urlencoded' };
}

export function writtenJson(body: string): WrittenBody {
  return { body, contentType: 'application/json; charset=utf-8' };
}

export function writtenBytes(body: PendingBody): WrittenBody {
  return { body, contentType: 'application/octet-stream' };
}

/** Whatever the table says of the field: what content is, no table can say. */
function bytesTemplate({ name, required }: Field): BodyTemplate {
  const bytes: Field = { name, required, schema: anything };
  return {
    fields: [bytes],
    bytes,
    write: ({ [name]: content }) =>
      isAbsent(content) ? undefined : writtenBytes(pendingBodyOf(content as PendingBody)),
  };
}

function write(body: Body, bodyType: BodyType, values: Values): WrittenBody | undefined {
  if ('whole' in body) {
    const { name } = body.whole;
    return isAbsent(values[name]) ? undefined : writeWhole(body.whole, bodyType, values[name]);
  }
  if (bodyType === 'form') return writtenForm(writeParameters(body.fields, values));
  return writtenJson(writeJson({ kind: 'struct', fields: body.fields }, values));
}

/** A string is sent as it is: it is the body already, whatever is in it. A form does not repeat the field's name. */
function writeWhole({ schema, style }: Field, bodyType: BodyType, value: unknown): WrittenBody {
  if (bodyType === 'form' && isObject(value)) return writtenForm(flattenMembers(value));
  const text = style === undefined ? value : shrink(schema, style, value);
  return writtenJson(typeof text === 'string' ? text : writeJson(schema, text));
}

export function flattenMembers(value: object): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, item] of entriesOf(value)) flatten(parameters, name, item);
  return parameters;
}

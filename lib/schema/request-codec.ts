/** The io-ts codec of a request: it says where a value does not fit, which the fast check does not. */
import type { Context, Errors, ValidationError } from 'io-ts';
import { Type, appendContext, failures, identity, success } from '#io-ts';
import { mostErrors, noSuchField } from './most-errors.js';
import {
  hiddenFields,
  isJsonObject,
  isRecord,
  jsonType,
  strict,
  type Strict,
  type StrictParts,
} from './request-types.js';
import { isAbsent } from './values.js';

/** Its errors are the first ten, or a few more. */
export class RequestCodec extends Type<unknown> {
  constructor(readonly type: Strict) {
    super(
      type.name,
      (value): value is unknown => type.is(value),
      (value, context) => (type.is(value) ? success(value) : failures(errorsIn(type, value, context))),
      identity,
    );
  }
}

/** Where it does not fit; nowhere where it does. */
export function explainRequest(type: Strict, value: unknown): Errors {
  const result = new RequestCodec(type).decode(value);
  return result._tag === 'Left' ? result.left : [];
}

function errorsIn(type: Strict, value: unknown, context: Context): Errors {
  if (type.is(value)) return [];
  // What is within a JSON value is JSON, too.
  const { items, values, members, required }: StrictParts =
    type === jsonType ? { items: jsonType, values: jsonType } : type.parts;
  if (items !== undefined && Array.isArray(value)) return inArray(items, value, context);
  if (members !== undefined && isRecord(value)) return inStruct(members, required ?? [], value, context);
  const isMap = values === jsonType && type === jsonType ? isJsonObject : isRecord;
  if (values !== undefined && isMap(value)) return inMap(values, value, context);
  return [{ value, context }];
}

function inArray(items: Strict, value: readonly unknown[], context: Context): Errors {
  const errors: ValidationError[] = [];
  for (let index = 0; index < value.length && errors.length < mostErrors; index++) {
    errors.push(...inMember(items, value[index], context, String(index)));
  }
  return errors;
}

function inMap(values: Strict, value: Readonly<Record<string, unknown>>, context: Context): Errors {
  const errors: ValidationError[] = [];
  for (const name in value) {
    if (errors.length >= mostErrors) break;
    if (!isAbsent(value[name])) errors.push(...inMember(values, value[name], context, name));
  }
  return errors;
}

function inStruct(
  members: ReadonlyMap<string, Strict>,
  required: readonly string[],
  value: Readonly<Record<string, unknown>>,
  context: Context,
): Errors {
  const errors: ValidationError[] = required
    .filter((name) => isAbsent(value[name]))
    .map((name) => {
      const type = members.get(name) ?? unknownField();
      return { value: undefined, context: appendContext(context, name, new RequestCodec(type), undefined) };
    });
  // Inherited fields too, as they would be sent.
  for (const name in value) {
    const item = value[name];
    if (errors.length >= mostErrors) break;
    if (!isAbsent(item)) errors.push(...inMember(members.get(name) ?? unknownField(), item, context, name));
  }
  for (const [name, member] of hiddenFields(value, members)) {
    errors.push(...inMember(member, value[name], context, name));
  }
  return errors;
}

function inMember(type: Strict, value: unknown, context: Context, key: string): Errors {
  return errorsIn(type, value, appendContext(context, key, new RequestCodec(type), value));
}

function unknownField(): Strict {
  return strict(noSuchField, () => false);
}

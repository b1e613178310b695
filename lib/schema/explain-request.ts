/** Where a request does not fit its type, which itself says no more than that. */
import * as t from 'io-ts';
import { mostErrors, noSuchField } from './report.js';
import { hiddenFields, isJsonObject, isRecord, jsonType, Strict, type StrictParts } from './request-types.js';
import { isAbsent } from './values.js';

/** The first ten places, or a few more; none where it fits. */
export function explainRequest(type: Strict, value: unknown): t.Errors {
  return errorsIn(type, value, [{ key: '', type, actual: value }]);
}

function errorsIn(type: Strict, value: unknown, context: t.Context): t.Errors {
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

function inArray(items: Strict, value: readonly unknown[], context: t.Context): t.Errors {
  const errors: t.ValidationError[] = [];
  for (let index = 0; index < value.length && errors.length < mostErrors; index++) {
    errors.push(...inMember(items, value[index], context, String(index)));
  }
  return errors;
}

function inMap(values: Strict, value: Readonly<Record<string, unknown>>, context: t.Context): t.Errors {
  const errors: t.ValidationError[] = [];
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
  context: t.Context,
): t.Errors {
  const errors: t.ValidationError[] = required
    .filter((name) => isAbsent(value[name]))
    .map((name) => {
      const type = members.get(name) ?? unknownField();
      return { value: undefined, context: t.appendContext(context, name, type, undefined) };
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

function inMember(type: Strict, value: unknown, context: t.Context, key: string): t.Errors {
  return errorsIn(type, value, t.appendContext(context, key, type, value));
}

function unknownField(): Strict {
  return new Strict(noSuchField, () => false);
}

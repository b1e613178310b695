/**
 * io-ts types of what a user passes: strict. A type's `validate` is one fast check of the whole value; only where that
 * fails does it walk down to say where.
 */
import * as t from 'io-ts';
import { errorsOf } from './errors-of.js';
import type { Field, Schema, Struct } from './grammar.js';
import { isAbsent, isPlainObject } from './values.js';

/** The type of a request: an object with these fields and no others. */
export function requestType(fields: readonly Field[]): t.Type<object> {
  return structType({ kind: 'struct', fields }, new Map()) as t.Type<object>;
}

/** The context key under which a field that does not exist is reported. */
export const noSuchField = 'no such field';

type Known = Map<Schema, t.Type<unknown>>;

function typeOf(schema: Schema, known: Known): t.Type<unknown> {
  let type = known.get(schema);
  if (type === undefined) {
    type = build(schema, known);
    known.set(schema, type);
  }
  return type;
}

function build(schema: Schema, known: Known): t.Type<unknown> {
  switch (schema.kind) {
    case 'string':
      return leaf('a string', (value) => typeof value === 'string');
    case 'number':
    case 'long':
      return leaf('a number (a bigint beyond 2^53)', isExactNumber);
    case 'boolean':
      return leaf('a boolean', (value) => typeof value === 'boolean');
    case 'any':
      return leaf('a JSON value', (value) => !['undefined', 'function', 'symbol'].includes(typeof value));
    case 'array':
      return arrayType(typeOf(schema.items, known));
    case 'map':
      return mapType(typeOf(schema.values, known));
    case 'struct':
      return structType(schema, known);
  }
}

/** A double that stands for the number that was meant: an integer beyond 2^53 may have been rounded already. */
function isExactNumber(value: unknown): boolean {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return typeof value === 'bigint';
}

function leaf(name: string, is: (value: unknown) => boolean): t.Type<unknown> {
  return fastType(name, is, (value, context) => [{ value, context }]);
}

function arrayType(items: t.Type<unknown>): t.Type<unknown> {
  return fastType(
    'an array',
    // `includes`, unlike `every`, sees the holes of a sparse array.
    (value) => Array.isArray(value) && !value.includes(undefined) && value.every((item) => items.is(item)),
    (value, context) =>
      Array.isArray(value)
        ? Array.from(value, (item: unknown, index) => errorsOf(items, item, context, String(index))).flat()
        : [{ value, context }],
  );
}

function mapType(values: t.Type<unknown>): t.Type<unknown> {
  return fastType(
    'an object',
    (value) => isPlainObject(value) && Object.values(value).every((item) => isAbsent(item) || values.is(item)),
    (value, context) =>
      isPlainObject(value)
        ? Object.entries(value).flatMap(([name, item]) => (isAbsent(item) ? [] : errorsOf(values, item, context, name)))
        : [{ value, context }],
  );
}

function structType(struct: Struct, known: Known): t.Type<unknown> {
  const members = new Map<string, t.Type<unknown>>();
  const required = struct.fields.filter((field) => field.required).map((field) => field.name);
  const type = fastType(
    'an object',
    (value) => {
      if (!isPlainObject(value)) return false;
      for (const name in value) {
        const item = value[name];
        if (!isAbsent(item) && members.get(name)?.is(item) !== true) return false;
      }
      return required.every((name) => !isAbsent(value[name]));
    },
    (value, context) => {
      if (!isPlainObject(value)) return [{ value, context }];
      const errors = required
        .filter((name) => isAbsent(value[name]))
        .map((name) => errorAt(members.get(name) ?? unknownField, undefined, context, name));
      // Inherited fields too, as they would be sent.
      for (const name in value) {
        const item = value[name];
        if (!isAbsent(item)) errors.push(...errorsOf(members.get(name) ?? unknownField, item, context, name));
      }
      return errors;
    },
  );
  // Known before its members are built: a struct may contain itself.
  known.set(struct, type);
  for (const field of struct.fields) members.set(field.name, typeOf(field.schema, known));
  return Object.assign(type, { fieldNames: struct.fields.map((field) => field.name) });
}

const unknownField: t.Type<unknown> = leaf(noSuchField, () => false);

function fastType(
  name: string,
  is: (value: unknown) => boolean,
  explain: (value: unknown, context: t.Context) => t.Errors,
): t.Type<unknown> {
  return new t.Type<unknown>(
    name,
    (value): value is unknown => is(value),
    (value, context) => (is(value) ? t.success(value) : t.failures(explain(value, context))),
    t.identity,
  );
}

function errorAt(type: t.Type<unknown>, value: unknown, context: t.Context, key: string): t.ValidationError {
  return { value, context: t.appendContext(context, key, type, value) };
}

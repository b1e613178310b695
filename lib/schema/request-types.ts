/**
 * io-ts types of what a user passes: strict. A type's `validate` is one fast check of the whole value; only where that
 * fails does it walk down to say where.
 */
import * as t from 'io-ts';
import { errorsOf } from './errors-of.js';
import type { Field, Schema, Struct } from './grammar.js';
import { entriesOf, isAbsent, isPlainObject } from './values.js';

/** The type of a request: an object with these fields and no others. */
export function requestType(fields: readonly Field[]): t.Type<object> {
  return structType({ kind: 'struct', fields }, new Map()) as t.Type<object>;
}

/** The context key under which a field that does not exist is reported. */
export const noSuchField = 'no such field';

/** The schema of what is checked elsewhere, such as the content of a file. */
export const anything: Schema = { kind: 'any' };

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
      return schema === anything ? leaf('anything', () => true) : jsonType;
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

/** Nobody reads more of them, and there may be a million. */
export const mostErrors = 10;

function arrayType(items: t.Type<unknown>): t.Type<unknown> {
  return fastType(
    'an array',
    (value) => Array.isArray(value) && isArrayOf(items, value),
    (value, context) => (Array.isArray(value) ? explainArray(items, value, context) : [{ value, context }]),
  );
}

function isArrayOf(items: t.Type<unknown>, value: readonly unknown[]): boolean {
  // `includes`, unlike `every`, sees the holes of a sparse array.
  return !value.includes(undefined) && value.every((item) => items.is(item));
}

function explainArray(items: t.Type<unknown>, value: readonly unknown[], context: t.Context): t.Errors {
  const errors: t.ValidationError[] = [];
  for (let index = 0; index < value.length && errors.length < mostErrors; index++) {
    errors.push(...errorsOf(items, value[index], context, String(index)));
  }
  return errors;
}

function mapType(values: t.Type<unknown>): t.Type<unknown> {
  return fastType(
    'an object',
    (value) => isRecord(value) && isMapOf(values, value),
    (value, context) => (isRecord(value) ? explainMap(values, value, context) : [{ value, context }]),
  );
}

function isMapOf(values: t.Type<unknown>, value: Readonly<Record<string, unknown>>): boolean {
  for (const name in value) if (!isAbsent(value[name]) && !values.is(value[name])) return false;
  return true;
}

function explainMap(
  values: t.Type<unknown>,
  value: Readonly<Record<string, unknown>>,
  context: t.Context,
): t.ValidationError[] {
  const errors: t.ValidationError[] = [];
  for (const name in value) {
    if (errors.length >= mostErrors) break;
    if (!isAbsent(value[name])) errors.push(...errorsOf(values, value[name], context, name));
  }
  return errors;
}

/** Any JSON value, or a bigint: nothing that would vanish on its way, or become something else. */
const jsonType: t.Type<unknown> = fastType('a JSON value', isJson, (value, context) => {
  if (Array.isArray(value)) return explainArray(jsonType, value, context);
  return isJsonObject(value) ? explainMap(jsonType, value, context) : [{ value, context }];
});

function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return isArrayOf(jsonType, value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || ['string', 'boolean', 'bigint'].includes(typeof value)) return true;
  return isJsonObject(value) && isMapOf(jsonType, value);
}

/** One that is written as its fields say. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return isPlainObject(value) && typeof value.toJSON !== 'function';
}

/** JSON has no inherited fields. */
function isJsonObject(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  for (const name in value) if (!Object.hasOwn(value, name)) return false;
  return true;
}

function structType(struct: Struct, known: Known): t.Type<unknown> {
  const members = new Map<string, t.Type<unknown>>();
  const required = struct.fields.filter((field) => field.required).map((field) => field.name);
  const type = fastType(
    'an object',
    (value) => {
      if (!isRecord(value)) return false;
      for (const name in value) {
        const item = value[name];
        if (!isAbsent(item) && members.get(name)?.is(item) !== true) return false;
      }
      return required.every((name) => !isAbsent(value[name])) && hiddenFields(value, members).length === 0;
    },
    (value, context) => {
      if (!isRecord(value)) return [{ value, context }];
      const errors = required
        .filter((name) => isAbsent(value[name]))
        .map((name) => errorAt(members.get(name) ?? unknownField, undefined, context, name));
      // Inherited fields too, as they would be sent.
      for (const name in value) {
        const item = value[name];
        if (errors.length >= mostErrors) break;
        if (!isAbsent(item)) errors.push(...errorsOf(members.get(name) ?? unknownField, item, context, name));
      }
      for (const [name, member] of hiddenFields(value, members)) {
        errors.push(...errorsOf(member, value[name], context, name));
      }
      return errors;
    },
  );
  // Known before its members are built: a struct may contain itself.
  known.set(struct, type);
  for (const field of struct.fields) members.set(field.name, typeOf(field.schema, known));
  return Object.assign(type, { fieldNames: struct.fields.map((field) => field.name) });
}

/** What the getters of a class give, which are not listed but would be read, where that does not fit. */
function hiddenFields(
  value: Readonly<Record<string, unknown>>,
  members: ReadonlyMap<string, t.Type<unknown>>,
): readonly (readonly [name: string, member: t.Type<unknown>])[] {
  if (Object.getPrototypeOf(value) === Object.prototype) return [];
  const listed = new Set(entriesOf(value).map(([name]) => name));
  return [...members].filter(
    ([name, member]) => !listed.has(name) && !isAbsent(value[name]) && !member.is(value[name]),
  );
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

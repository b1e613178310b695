/**
 * The types of what a user passes: strict. Each is one fast check of the whole value, which says no more than that it does
 * not fit. `request-codec.ts` makes an io-ts codec of one, which says where.
 */
import type { Field, Schema, Struct } from './grammar.js';
import { entriesOf, isAbsent, isPlainObject } from './values.js';

/** The type of a request: an object with these fields and no others. */
export function requestType(fields: readonly Field[]): Strict {
  return structType({ kind: 'struct', fields }, new Map());
}

/** What a type says of what a value holds. */
export interface StrictParts {
  /** Of an array. */
  readonly items?: Strict;
  /** Of a map. */
  readonly values?: Strict;
  /** Of a struct: its fields by name, and the names of those that are required. */
  readonly members?: ReadonlyMap<string, Strict>;
  readonly required?: readonly string[];
}

export interface Strict {
  /** What a value is called that fits. */
  readonly name: string;
  readonly is: (value: unknown) => boolean;
  readonly parts: StrictParts;
}

export function strict(name: string, is: Strict['is'], parts: StrictParts = {}): Strict {
  return { name, is, parts };
}

/** The schema of what is checked elsewhere, such as the content of a file. */
export const anything: Schema = { kind: 'any' };

type TypeCache = Map<Schema, Strict>;

function typeOf(schema: Schema, cache: TypeCache): Strict {
  let type = cache.get(schema);
  if (type === undefined) {
    type = build(schema, cache);
    cache.set(schema, type);
  }
  return type;
}

function build(schema: Schema, cache: TypeCache): Strict {
  switch (schema.kind) {
    case 'string':
      return strict('a string', (value) => typeof value === 'string');
    case 'number':
    case 'long':
      return strict('a number (a bigint beyond 2^53)', isExactNumber);
    case 'boolean':
      return strict('a boolean', (value) => typeof value === 'boolean');
    case 'any':
      return schema === anything ? strict('anything', () => true) : jsonType;
    case 'array':
      return arrayType(typeOf(schema.items, cache));
    case 'map':
      return mapType(typeOf(schema.values, cache));
    case 'struct':
      return structType(schema, cache);
  }
}

/** A double that stands for the number that was meant: an integer beyond 2^53 may have been rounded already. */
function isExactNumber(value: unknown): boolean {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return typeof value === 'bigint';
}

function arrayType(items: Strict): Strict {
  return strict('an array', (value) => Array.isArray(value) && isArrayOf(items, value), { items });
}

function isArrayOf(items: Strict, value: readonly unknown[]): boolean {
  // `includes`, unlike `every`, sees the holes of a sparse array.
  return !value.includes(undefined) && value.every((item) => items.is(item));
}

function mapType(values: Strict): Strict {
  return strict('an object', (value) => isRecord(value) && isMapOf(values, value), { values });
}

function isMapOf(values: Strict, value: Readonly<Record<string, unknown>>): boolean {
  for (const name in value) if (!isAbsent(value[name]) && !values.is(value[name])) return false;
  return true;
}

/** Any JSON value, or a bigint: nothing that would vanish on its way, or become something else. */
export const jsonType: Strict = strict('a JSON value', isJson);

function isJson(value: unknown): boolean {
  if (Array.isArray(value)) return isArrayOf(jsonType, value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || ['string', 'boolean', 'bigint'].includes(typeof value)) return true;
  return isJsonObject(value) && isMapOf(jsonType, value);
}

/** One that is written as its fields say. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isPlainObject(value) && typeof value.toJSON !== 'function';
}

/** JSON has no inherited fields. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  for (const name in value) if (!Object.hasOwn(value, name)) return false;
  return true;
}

function structType(struct: Struct, cache: TypeCache): Strict {
  const members = new Map<string, Strict>();
  const required = struct.fields.filter((field) => field.required).map((field) => field.name);
  const fits = (value: unknown): boolean => {
    if (!isRecord(value)) return false;
    for (const name in value) {
      const item = value[name];
      if (!isAbsent(item) && members.get(name)?.is(item) !== true) return false;
    }
    return required.every((name) => !isAbsent(value[name])) && hiddenFields(value, members).length === 0;
  };
  const type = strict('an object', fits, { members, required });
  // TypeCache before its members are built: a struct may contain itself.
  cache.set(struct, type);
  for (const field of struct.fields) members.set(field.name, typeOf(field.schema, cache));
  return type;
}

/** What the getters of a class give, which are not listed but would be read, where that does not fit. */
export function hiddenFields(
  value: Readonly<Record<string, unknown>>,
  members: ReadonlyMap<string, Strict>,
): readonly (readonly [name: string, member: Strict])[] {
  if (Object.getPrototypeOf(value) === Object.prototype) return [];
  const listed = new Set(entriesOf(value).map(([name]) => name));
  return [...members].filter(
    ([name, member]) => !listed.has(name) && !isAbsent(value[name]) && !member.is(value[name]),
  );
}

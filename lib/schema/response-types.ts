/**
 * io-ts types of what the server answers: tolerant, as its types drift. `read` is one walk over the value that hands
 * the same object back where nothing drifted, and copies only what did; only where it fails is the value walked again
 * to say where.
 */
import * as t from 'io-ts';
import { errorsOf } from './errors-of.js';
import type { Schema, Struct } from './grammar.js';
import { hasRounded, isRounded, parseExactly } from './json.js';
import { isNothing, readBoolean, readNumber, readString, refused, type Notes, type Read } from './read-drifted.js';
import { isObject } from './values.js';

/** The type of a response. */
export interface ResponseType extends t.Type<unknown> {
  /**
   * Parses JSON and decodes it, in one walk over what `JSON.parse` gives; integers that a double would round are `bigint`.
   *
   * @throws SyntaxError where it is no JSON.
   */
  decodeJson(text: string): t.Validation<unknown>;
}

/** The type of a response with this table. */
export function responseType(schema: Schema): ResponseType {
  return typeOf(schema, new Map());
}

type Explain = (value: unknown, context: t.Context) => t.Errors;

class Tolerant extends t.Type<unknown> implements ResponseType {
  constructor(
    name: string,
    readonly read: Read,
    explain: Explain = (value, context) => [{ value, context }],
    /** What `typeof` says of values that need no reading. */
    readonly plain: 'string' | 'number' | 'boolean' | 'none' = 'none',
  ) {
    super(
      name,
      (value): value is unknown => read(value, { rounded: false }) === value,
      (value, context) => {
        const result = read(value, { rounded: false });
        return result === refused ? t.failures(explain(value, context)) : t.success(result);
      },
      t.identity,
    );
  }

  decodeJson(text: string): t.Validation<unknown> {
    const notes: Notes = { rounded: false };
    const result = this.read(JSON.parse(text), notes);
    return notes.rounded || result === refused ? this.decode(parseExactly(text)) : t.success(result);
  }
}

type Known = Map<Schema, Tolerant>;

function typeOf(schema: Schema, known: Known): Tolerant {
  let type = known.get(schema);
  if (type === undefined) {
    type = build(schema, known);
    known.set(schema, type);
  }
  return type;
}

function build(schema: Schema, known: Known): Tolerant {
  switch (schema.kind) {
    case 'string':
      return new Tolerant('a string', readString, undefined, 'string');
    case 'number':
    case 'long':
      return new Tolerant('a number', readNumber, undefined, 'number');
    case 'boolean':
      return new Tolerant('a boolean', readBoolean, undefined, 'boolean');
    case 'any':
      return anything;
    case 'array':
      return arrayType(typeOf(schema.items, known));
    case 'map':
      return mapType(typeOf(schema.values, known));
    case 'struct':
      return structType(schema, known);
  }
}

const anything = new Tolerant('anything', (value, notes) => {
  if (!notes.rounded && typeof value !== 'string') notes.rounded = hasRounded(value);
  return value;
});

/** An array loses its nulls, so that its items are what the interface says. */
function arrayType(items: Tolerant): Tolerant {
  return new Tolerant(
    'an array',
    (value, notes) => {
      if (!Array.isArray(value)) return isNothing(value) ? undefined : refused;
      const whole: unknown[] = value;
      let copy: unknown[] | undefined;
      for (let index = 0; index < whole.length; index++) {
        const item = whole[index];
        const read = isPlain(item, items, notes) ? item : items.read(item, notes);
        if (read === refused) return refused;
        if (read !== item || read === undefined) copy ??= whole.slice(0, index);
        if (copy !== undefined && read !== undefined) copy.push(read);
      }
      return copy ?? whole;
    },
    (value, context) =>
      Array.isArray(value)
        ? value.flatMap((item: unknown, index) => errorsOf(items, item, context, String(index)))
        : [{ value, context }],
  );
}

function mapType(values: Tolerant): Tolerant {
  return objectType(
    () => values,
    (value) => Object.keys(value).map((name) => [name, values]),
  );
}

function structType(struct: Struct, known: Known): Tolerant {
  const members = new Map<string, Tolerant>();
  const type = objectType(memberTypes(members), () => members);
  // Known before its members are built: a struct may contain itself.
  known.set(struct, type);
  for (const field of struct.fields) members.set(field.name, typeOf(field.schema, known));
  return type;
}

/** Of how many members of an object the place is remembered. */
const placesRemembered = 256;

/** Objects of a kind mostly have the same members in the same order, so that what came last at a place is tried first. */
function memberTypes(members: ReadonlyMap<string, Tolerant>): (name: string, place: number) => Tolerant {
  const names: string[] = [];
  const types: Tolerant[] = [];
  return (name, place) => {
    const last = types[place];
    if (last !== undefined && names[place] === name) return last;
    const type = members.get(name) ?? anything;
    if (place < placesRemembered) {
      names[place] = name;
      types[place] = type;
    }
    return type;
  };
}

/** Reads the members that `typeOf` knows; whatever else the object has is kept. */
function objectType(
  typeOf: (name: string, place: number) => Tolerant,
  membersOf: (value: object) => Iterable<readonly [string, Tolerant]>,
): Tolerant {
  return new Tolerant(
    'an object',
    (value, notes) => {
      if (!isObject(value)) return isNothing(value) ? undefined : refused;
      let copy: Record<string, unknown> | undefined;
      let place = 0;
      for (const name in value) {
        const item = value[name];
        const type = typeOf(name, place++);
        if (isPlain(item, type, notes)) continue;
        const read = type.read(item, notes);
        if (read === item) continue;
        if (read === refused) return refused;
        copy ??= { ...value };
        if (read === undefined) delete copy[name];
        else copy[name] = read;
      }
      return copy ?? value;
    },
    (value, context) =>
      isObject(value)
        ? [...membersOf(value)].flatMap(([name, type]) =>
            value[name] === undefined ? [] : errorsOf(type, value[name], context, name),
          )
        : [{ value, context }],
  );
}

/** Whether a value is already what the table says, as most are. */
function isPlain(value: unknown, { plain }: Tolerant, notes: Notes): boolean {
  switch (plain) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      if (typeof value !== 'number') return false;
      if (isRounded(value)) notes.rounded = true;
      return true;
    case 'boolean':
      return typeof value === 'boolean';
    default:
      return false;
  }
}

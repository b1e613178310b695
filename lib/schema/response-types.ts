/**
 * The types of what the server answers: tolerant, as its types drift. `read` is one walk over the value that hands
 * the same object back where nothing drifted, and copies only what did. What can't be what the table says is handed on as
 * it came; only where somebody asks is the value walked again to say where.
 */
import { isRounded } from './digits.js';
import type { Schema, Struct } from './grammar.js';
import {
  handedOn,
  isNothing,
  newNotes,
  coerceBoolean,
  coerceNumber,
  coerceString,
  incoercible,
  type Notes,
  type CoerceScalar,
} from './coerce.js';
import { anything, errorOf, explainMember, mostErrors, LenientType, type LenientTypeParts } from './lenient-type.js';
import { isObject } from './values.js';

/** The type of a response with this table. */
export function responseType(schema: Schema): LenientType {
  return typeOf(schema, new Map());
}

type TypeCache = Map<Schema, LenientType>;

function typeOf(schema: Schema, cache: TypeCache): LenientType {
  let type = cache.get(schema);
  if (type === undefined) {
    type = build(schema, cache);
    cache.set(schema, type);
  }
  return type;
}

function build(schema: Schema, cache: TypeCache): LenientType {
  switch (schema.kind) {
    case 'string':
      return scalarType('a string', coerceString, 'string');
    case 'number':
      // Its interface says `number`.
      return scalarType('a number', coerceNumber, 'number', (value) => typeof value !== 'bigint');
    case 'long':
      return scalarType('a number', coerceNumber, 'number');
    case 'boolean':
      return scalarType('a boolean', coerceBoolean, 'boolean');
    case 'any':
      return anything;
    case 'array':
      return arrayType(typeOf(schema.items, cache));
    case 'map':
      return mapType(typeOf(schema.values, cache));
    case 'struct':
      return structType(schema, cache);
  }
}

function scalarType(
  name: string,
  read: CoerceScalar,
  plain: LenientTypeParts['plain'],
  fits: (read: unknown) => boolean = () => true,
): LenientType {
  return new LenientType(name, {
    plain,
    read(value, notes) {
      const result = read(value, notes);
      if (result === incoercible) return handedOn(value, notes);
      if (!fits(result)) notes.drifted = true;
      return result;
    },
    isItem(value) {
      const result = read(value, newNotes());
      return result !== incoercible && result !== undefined;
    },
  });
}

/** An array loses its nulls, so that its items are what the interface says. */
function arrayType(items: LenientType): LenientType {
  return new LenientType('an array', {
    isItem: items.isItem,
    read(value, notes) {
      if (!Array.isArray(value)) {
        if (isNothing(value)) return undefined;
        if (!items.isItem(value)) return handedOn(value, notes);
      }
      const whole: unknown[] = Array.isArray(value) ? value : [value];
      let copy: unknown[] | undefined;
      for (let index = 0; index < whole.length; index++) {
        const item = whole[index];
        const read = isPlain(item, items, notes) ? item : items.read(item, notes);
        if (read !== item || read === undefined) copy ??= whole.slice(0, index);
        if (copy !== undefined && read !== undefined) copy.push(read);
      }
      return copy ?? whole;
    },
    explain(value, path, errors) {
      if (Array.isArray(value)) {
        for (let index = 0; index < value.length && errors.length < mostErrors; index++) {
          explainMember(items, String(index), value[index], path, errors);
        }
      } else if (!isNothing(value)) {
        if (items.isItem(value)) explainMember(items, '0', value, path, errors);
        else errors.push(errorOf(value, path));
      }
    },
  });
}

function mapType(values: LenientType): LenientType {
  return objectType({
    typeOf: () => values,
    membersOf: (value) => Object.keys(value).map((name) => [name, values]),
    isItem: isObject,
  });
}

function structType(struct: Struct, cache: TypeCache): LenientType {
  const members = new Map<string, LenientType>();
  const type = objectType({
    typeOf: (name) => members.get(name) ?? anything,
    membersOf: () => members,
    // Of another object nobody knows whether it is an item, or what holds the list.
    isItem: (value) => isObject(value) && Object.keys(value).some((name) => members.has(name)),
  });
  // TypeCache before its members are built: a struct may contain itself.
  cache.set(struct, type);
  for (const field of struct.fields) members.set(field.name, typeOf(field.schema, cache));
  return type;
}

/** Of how many members of an object the place is remembered. */
const placesRemembered = 256;

/** Objects of a kind mostly have the same members in the same order, so that what came last at a place is tried first. */
class Places {
  readonly names: string[] = [];
  readonly types: LenientType[] = [];

  constructor(private readonly typeOf: (name: string) => LenientType) {}

  /** Of a member that was another one the last time. */
  look(name: string, place: number): LenientType {
    const type = this.typeOf(name);
    if (place < placesRemembered) {
      this.names[place] = name;
      this.types[place] = type;
    }
    return type;
  }
}

interface ObjectParts {
  readonly typeOf: (name: string) => LenientType;
  /** Those that a table knows. */
  readonly membersOf: (value: object) => Iterable<readonly [string, LenientType]>;
  readonly isItem: LenientTypeParts['isItem'];
}

/** Whatever else an object has than its members is kept. */
function objectType({ typeOf, membersOf, isItem }: ObjectParts): LenientType {
  const places = new Places(typeOf);
  const { names, types } = places;
  return new LenientType('an object', {
    isItem,
    read(value, notes) {
      if (!isObject(value)) return isNothing(value) ? undefined : handedOn(value, notes);
      let copy: Record<string, unknown> | undefined;
      let place = 0;
      for (const name in value) {
        const item = value[name];
        const known = names[place] === name ? types[place] : undefined;
        const type = known ?? places.look(name, place);
        place++;
        if (isPlain(item, type, notes)) continue;
        const read = type.read(item, notes);
        if (read === item) continue;
        copy ??= { ...value };
        if (read === undefined) delete copy[name];
        else copy[name] = read;
      }
      return copy ?? value;
    },
    explain(value, path, errors) {
      if (isObject(value)) {
        for (const [name, type] of membersOf(value)) {
          if (errors.length < mostErrors) explainMember(type, name, value[name], path, errors);
        }
      } else if (!isNothing(value)) errors.push(errorOf(value, path));
    },
  });
}

/** Whether a value is already what the table says, as most are. */
function isPlain(value: unknown, { plain }: LenientType, notes: Notes): boolean {
  // Against constants, as this is done for each value of an answer (`bench/micro/decoding.mjs`).
  if (typeof value === 'string') return plain === 'string';
  if (typeof value === 'boolean') return plain === 'boolean';
  if (typeof value !== 'number' || plain !== 'number') return false;
  if (isRounded(value)) notes.rounded = true;
  return true;
}

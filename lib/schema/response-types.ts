/**
 * io-ts types of what the server answers: tolerant, as its types drift. `read` is one walk over the value that hands
 * the same object back where nothing drifted, and copies only what did; only where it fails is the value walked again
 * to say where.
 */
import * as t from 'io-ts';
import { errorsOf } from './errors-of.js';
import type { Schema, Struct } from './grammar.js';
import { isAbsent, isObject } from './values.js';

/** The type of a response with this table. */
export function responseType(schema: Schema): t.Type<unknown> {
  return typeOf(schema, new Map());
}

/** What `read` gives for a value that can't be what the table says. */
const refused = Symbol('refused');

class Tolerant extends t.Type<unknown> {
  constructor(
    name: string,
    /** The value as the table has it, `undefined` for nothing, or `refused`. */
    readonly read: (value: unknown) => unknown,
    explain: (value: unknown, context: t.Context) => t.Errors = (value, context) => [{ value, context }],
  ) {
    super(
      name,
      (value): value is unknown => read(value) === value,
      (value, context) => {
        const result = read(value);
        return result === refused ? t.failures(explain(value, context)) : t.success(result);
      },
      t.identity,
    );
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
      return new Tolerant('a string', readString);
    case 'number':
    case 'long':
      return new Tolerant('a number', readNumber);
    case 'boolean':
      return new Tolerant('a boolean', readBoolean);
    case 'any':
      return new Tolerant('anything', (value) => value);
    case 'array':
      return arrayType(typeOf(schema.items, known));
    case 'map':
      return mapType(typeOf(schema.values, known));
    case 'struct':
      return structType(schema, known);
  }
}

function readString(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (isAbsent(value)) return undefined;
  if (typeof value === 'object') return refused;
  const scalar = value as number | bigint | boolean;
  return String(scalar);
}

function readNumber(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value;
    case 'string':
      return readDigits(value.trim());
    case 'boolean':
      return Number(value);
    default:
      return isAbsent(value) ? undefined : refused;
  }
}

/** Narrower than `Number`, which takes `0x10` for 16. */
const decimal = /^[+-]?[\d.]+(?:e[+-]?\d+)?$/i;

function readDigits(text: string): unknown {
  if (text === '') return undefined;
  const number = decimal.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(number)) return refused;
  return /^[+-]?\d{16,}$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

function readBoolean(value: unknown): unknown {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
    case 'bigint':
      return Boolean(value);
    case 'string':
      return readWord(value.trim().toLowerCase());
    default:
      return isAbsent(value) ? undefined : refused;
  }
}

function readWord(text: string): unknown {
  if (text === '') return undefined;
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : refused;
}

/** An array loses its nulls, so that its items are what the interface says. */
function arrayType(items: Tolerant): Tolerant {
  return new Tolerant(
    'an array',
    (value) => {
      if (!Array.isArray(value)) return isNothing(value) ? undefined : refused;
      const whole: unknown[] = value;
      let copy: unknown[] | undefined;
      for (let index = 0; index < whole.length; index++) {
        const item = whole[index];
        const read = items.read(item);
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
  return objectType((value) => Object.keys(value).map((name) => [name, values] as const));
}

function structType(struct: Struct, known: Known): Tolerant {
  const members: (readonly [string, Tolerant])[] = [];
  const type = objectType(() => members);
  // Known before its members are built: a struct may contain itself.
  known.set(struct, type);
  for (const field of struct.fields) members.push([field.name, typeOf(field.schema, known)]);
  return type;
}

/** Reads the members it is told of; whatever else the object has is kept. */
function objectType(membersOf: (value: Record<string, unknown>) => readonly (readonly [string, Tolerant])[]): Tolerant {
  return new Tolerant(
    'an object',
    (value) => {
      if (!isObject(value)) return isNothing(value) ? undefined : refused;
      let copy: Record<string, unknown> | undefined;
      for (const [name, type] of membersOf(value)) {
        const item = value[name];
        if (item === undefined) continue;
        const read = type.read(item);
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
        ? membersOf(value).flatMap(([name, type]) =>
            value[name] === undefined ? [] : errorsOf(type, value[name], context, name),
          )
        : [{ value, context }],
  );
}

/** How an absent object or array comes over the wire. */
function isNothing(value: unknown): boolean {
  return isAbsent(value) || value === '';
}

/** JSON checked against a table, and brought to its types where the wire may drift: `"1"` is a number, too. */
import type { Scalar, Schema } from '../schema/grammar.js';
import { isAbsent, isObject } from '../schema/values.js';
import { invalidParameter, missingParameter } from './api-error.js';

/** Throws as the service refuses; `name` is how the error calls the value. */
export function decodeJson(schema: Schema, value: unknown, name: string): unknown {
  switch (schema.kind) {
    case 'array':
      if (!Array.isArray(value)) throw invalidParameter(name, 'an array');
      return value.map((item, index) => decodeJson(schema.items, item, at(name, String(index + 1))));
    case 'map':
      if (!isObject(value)) throw invalidParameter(name, 'an object');
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, decodeJson(schema.values, item, at(name, key))]),
      );
    case 'struct': {
      if (!isObject(value)) throw invalidParameter(name, 'an object');
      const decoded: Record<string, unknown> = {};
      for (const field of schema.fields) {
        const item = value[field.name];
        if (!isAbsent(item)) decoded[field.name] = decodeJson(field.schema, item, at(name, field.name));
        else if (field.required) throw missingParameter(at(name, field.name));
      }
      return decoded;
    }
    case 'any':
      return value;
    default:
      return isAbsent(value) ? value : decodeScalar(schema.kind, value, name);
  }
}

export function decodeScalar(kind: Exclude<Scalar, 'any'>, value: unknown, name: string): unknown {
  const decoded = typeof value === 'object' ? undefined : readers[kind](value);
  if (decoded === undefined) throw invalidParameter(name, `a ${kind}`);
  return decoded;
}

const readers = {
  string: (value: unknown) => String(value),
  boolean: (value: unknown) => ({ true: true, false: false })[String(value).toLowerCase()],
  number: numberOf,
  long: numberOf,
};

/** A `bigint` where a double would round. */
function numberOf(value: unknown): number | bigint | undefined {
  const text = String(value).trim();
  const number = Number(text);
  if (text === '' || typeof value === 'boolean' || Number.isNaN(number)) return undefined;
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

function at(name: string, key: string): string {
  return name === '' ? key : `${name}.${key}`;
}

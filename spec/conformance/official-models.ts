/** Between the classes of an official package and plain values under their names on the wire. */
import { Readable } from 'node:stream';

interface ModelClass {
  new (map?: object): object;
  names(): Record<string, string>;
  types(): Record<string, ModelType>;
}

export type ModelType =
  string | ModelClass | { type: 'array'; itemType: ModelType } | { type: 'map'; valueType: ModelType };

/** An official model from values under their wire names. */
export function toModel(type: ModelType, value: unknown): unknown {
  if (typeof type === 'function') {
    const values = value as Readonly<Record<string, unknown>>;
    const types = type.types();
    const members = Object.entries(type.names())
      .filter(([, wireName]) => values[wireName] !== undefined)
      .map(([name, wireName]) => [name, toModel(types[name] ?? 'any', values[wireName])]);
    return new type(Object.fromEntries(members) as object);
  }
  if (type === 'Readable') return Readable.from([Buffer.from(String(value))]);
  if (type === 'Buffer') return Buffer.from(String(value));
  if (typeof type === 'string') return value;
  if (type.type === 'array') return (value as unknown[]).map((item) => toModel(type.itemType, item));
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, toModel(type.valueType, item)]));
}

export function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null || value instanceof Readable || Buffer.isBuffer(value)) return value;
  const { names } = value.constructor as Partial<ModelClass>;
  const wireNames = names?.() ?? {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [wireNames[name] ?? name, toPlain(item)]),
  );
}

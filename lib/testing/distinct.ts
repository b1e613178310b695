/** Values of which no two are the same. */
import type { Field, Schema } from '../schema/grammar.js';
import { isObject } from '../schema/values.js';

/** The value of a list at an index: a sample, with its number in those fields of it which tell values apart. */
export function numbered(schema: Schema, value: unknown, index: number): unknown {
  switch (schema.kind) {
    case 'string':
      return `${String(value)}-${index + 1}`;
    case 'number':
    case 'long':
      return index + 1;
    case 'any':
      return `item-${index + 1}`;
    case 'boolean':
      return value;
    case 'array':
      return Array.isArray(value) && value.length > 0
        ? [numbered(schema.items, value[0], index), ...(value.slice(1) as unknown[])]
        : value;
    case 'map':
      return isObject(value) && 'key' in value ? { ...value, key: numbered(schema.values, value.key, index) } : value;
    case 'struct': {
      if (!isObject(value)) return value;
      const copy = { ...value };
      for (const { name, schema: inner } of tellingFields(schema.fields)) {
        if (name in value) copy[name] = numbered(inner, value[name], index);
      }
      return copy;
    }
  }
}

/** Ids and names, else any text that has no form of its own, else a number, else what is inside. */
function tellingFields(fields: readonly Field[]): readonly Field[] {
  const ofKind = (...kinds: Schema['kind'][]): Field[] => fields.filter(({ schema: { kind } }) => kinds.includes(kind));
  const texts = ofKind('string').filter(({ name }) => !formed.test(name));
  const named = texts.filter(({ name }) => /(?:id|name)$/i.test(name));
  if (named.length > 0) return named;
  const telling = texts[0] ?? ofKind('number', 'long')[0] ?? ofKind('string')[0];
  return telling === undefined ? ofKind('struct', 'array', 'map', 'any').slice(0, 1) : [telling];
}

/** Texts that are of a form, or of a few values. */
const formed =
  /(?:region_?id|zone_?id|owner_?id|request_?id|time|date|status|state|type|ip|address|ur[li]|endpoint|arn)$/i;

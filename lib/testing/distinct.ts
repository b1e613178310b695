/** Values of which no two are the same. */
import type { Field, Schema } from '../schema/grammar.js';
import { isObject } from '../schema/values.js';

/** The value of a list at an index: a sample, with its number in that field of it which tells values apart. */
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
      const field = tellingField(schema.fields);
      return field === undefined || !isObject(value) || !(field.name in value)
        ? value
        : { ...value, [field.name]: numbered(field.schema, value[field.name], index) };
    }
  }
}

/** An id or a name, else any text that has no form of its own, else a number, else what is inside. */
function tellingField(fields: readonly Field[]): Field | undefined {
  const texts = fields.filter(({ name, schema }) => schema.kind === 'string' && !formed.test(name));
  return (
    texts.find(({ name }) => /id$/i.test(name)) ??
    texts.find(({ name }) => /name$/i.test(name)) ??
    texts[0] ??
    fields.find(({ schema: { kind } }) => kind === 'number' || kind === 'long') ??
    fields.find(({ schema: { kind } }) => kind === 'string') ??
    fields.find(({ schema: { kind } }) => kind !== 'boolean')
  );
}

/** Texts that are of a form, or of a few values. */
const formed =
  /(?:region_?id|zone_?id|owner_?id|request_?id|time|date|status|state|type|ip|address|ur[li]|endpoint|arn)$/i;

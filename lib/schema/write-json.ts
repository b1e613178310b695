import type { Field, Schema, Style } from './grammar.js';
import { jsonObject, stringifyJson } from './json.js';
import { entriesOf, isAbsent } from './values.js';

/**
 * JSON of a value that its type has accepted: the fields in the order of the table, none for what is absent. `styled`: those
 * that go over the wire as one string are one.
 */
export function writeJson(schema: Schema, value: unknown, styled = true): string {
  switch (schema.kind) {
    case 'array':
      return `[${(value as readonly unknown[]).map((item) => writeJson(schema.items, item, styled)).join(',')}]`;
    case 'map':
      return jsonObject(
        entriesOf(value as object).map(([name, item]) => [
          name,
          isAbsent(item) ? undefined : writeJson(schema.values, item, styled),
        ]),
      );
    case 'struct':
      return jsonObject(
        schema.fields.map((field) => [
          field.name,
          writeField(field, (value as Readonly<Record<string, unknown>>)[field.name], styled),
        ]),
      );
    default:
      return stringifyJson(value) ?? 'null';
  }
}

/** A value that its type has accepted, as one string. */
export function shrink(schema: Schema, style: Style, value: unknown): string {
  if (style === 'json') return writeJson(schema, value);
  const separators = { comma: ',', space: ' ', pipe: '|' };
  return Array.isArray(value) ? value.join(separators[style]) : '';
}

function writeField({ schema, style }: Field, value: unknown, styled: boolean): string | undefined {
  if (isAbsent(value)) return undefined;
  return style === undefined || !styled
    ? writeJson(schema, value, styled)
    : JSON.stringify(shrink(schema, style, value));
}

/** Whether a value is exactly what a table says: stricter than the client's codecs, which put up with drift. */
import type { Schema } from '../../../lib/schema/grammar.js';

/** Where it is not: `Instances.Instance[0].Cpu: expected number, got "2"`. */
export function deviations(schema: Schema, value: unknown, path = ''): string[] {
  const wrong = (expected: string): string[] => [`${path}: expected ${expected}, got ${JSON.stringify(value)}`];
  switch (schema.kind) {
    case 'any':
      return [];
    case 'long':
      return typeof value === 'number' ? [] : wrong('number');
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === schema.kind ? [] : wrong(schema.kind);
    case 'array':
      if (!Array.isArray(value)) return wrong('array');
      return value.flatMap((item, index) => deviations(schema.items, item, `${path}[${index}]`));
    case 'map':
      if (typeof value !== 'object' || value === null) return wrong('object');
      return Object.entries(value).flatMap(([key, item]) => deviations(schema.values, item, `${path}.${key}`));
    case 'struct': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('object');
      const fields = new Map(schema.fields.map((field) => [field.name, field.schema]));
      return Object.entries(value).flatMap(([name, item]) => {
        const field = fields.get(name);
        return field === undefined ? [`${path}.${name}: no such field`] : deviations(field, item, `${path}.${name}`);
      });
    }
  }
}

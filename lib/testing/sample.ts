/** An answer made up from a response's table: well-typed, plausible, and the same each time. */
import type { Schema, Struct } from '../schema/grammar.js';
import { hash } from './ids.js';

/** `path` seeds the values: the same path and table give the same answer. */
export function sampleOf(schema: Schema, path: string): unknown {
  return sample(schema, { name: '', path, parents: [] });
}

interface Place {
  /** The name of the field; for an array's items the array's. */
  readonly name: string;
  readonly path: string;
  /** The structs around it: what contains itself is not repeated. */
  readonly parents: readonly Struct[];
}

function sample(schema: Schema, place: Place): unknown {
  switch (schema.kind) {
    case 'string':
      return stringFor(place);
    case 'number':
    case 'long':
      return numberFor(place);
    case 'boolean':
      return booleanFor(place);
    case 'any':
      return nextPage.test(place.name) ? '' : {};
    case 'array':
      return Array.from({ length: lengthFor(schema.items, place) }, (_, index) =>
        sample(schema.items, { ...place, path: `${place.path}[${index}]` }),
      );
    case 'map':
      return recurs(schema.values, place)
        ? {}
        : { key: sample(schema.values, { ...place, path: `${place.path}.key` }) };
    case 'struct':
      return structFor(schema, place);
  }
}

function structFor(struct: Struct, { path, parents }: Place): Record<string, unknown> {
  const inside = [...parents, struct];
  const made: Record<string, unknown> = {};
  for (const { name, schema } of struct.fields) {
    const place = { name, path: `${path}.${name}`, parents: inside };
    if (!recurs(schema, place)) made[name] = sample(schema, place);
  }
  return made;
}

/** One or two; only one where arrays stand in arrays, so that an answer stays small. */
function lengthFor(items: Schema, place: Place): number {
  if (recurs(items, place)) return 0;
  return place.path.includes('[') ? 1 : 1 + (hash(place.path) % 2);
}

function recurs(schema: Schema, { parents }: Place): boolean {
  return schema.kind === 'struct' && parents.includes(schema);
}

/** A pager must come to an end, so no page has a next one. */
const lastPage = /^(is)?(truncated|hasmore|hasnext|hasnextpage)$/i;
const nextPage = /^next_?(page_?)?(token|marker|cursor)$/i;

function booleanFor({ name, path }: Place): boolean {
  if (lastPage.test(name)) return false;
  return /^success$/i.test(name) || hash(path) % 2 === 0;
}

function numberFor({ name, path }: Place): number {
  if (nextPage.test(name)) return 0;
  if (/count$|^total$|page_?number$/i.test(name)) return 1;
  if (/page_?size$|max_?results$/i.test(name)) return 10;
  return 1 + (hash(path) % 100);
}

function stringFor({ name, path }: Place): string {
  const number = hash(path);
  const hex = number.toString(16).padStart(8, '0');
  if (nextPage.test(name)) return '';
  if (/^request_?id$/i.test(name)) return uuid(path);
  if (/region_?id$/i.test(name)) return 'cn-hangzhou';
  if (/zone_?id$/i.test(name)) return 'cn-hangzhou-h';
  if (/ids?$/i.test(name)) return `${kebab(name).replace(/-?ids?$/, '') || 'id'}-${hex}`;
  if (/(time|date|timestamp|expiration)$|(_at|At)$|^(created|updated)$/i.test(name)) return dateOf(number);
  if (/arns?$/i.test(name)) return `acs:ram::1234567890123456:role/${hex}`;
  if (/ip(address)?(es)?$/i.test(name)) return `192.168.${number % 256}.${(number >>> 8) % 256}`;
  if (/(ur[li]|endpoint)$/i.test(name)) return `https://example.com/${hex}`;
  if (/status$|state$/i.test(name)) return 'Available';
  return `${kebab(name) || 'text'}-${hex.slice(0, 4)}`;
}

function kebab(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z\d]+/g, '-')
    .toLowerCase();
}

function uuid(path: string): string {
  const [a, b] = [hash(path), hash(`${path}.`)].map((word) => word.toString(16).toUpperCase().padStart(8, '0'));
  return `${a}-0000-4000-8000-${b}0000`;
}

/** A second of the year 2024. */
function dateOf(number: number): string {
  const start = Date.UTC(2024, 0, 1);
  return new Date(start + (number % (366 * 86_400)) * 1000).toISOString().replace('.000', '');
}

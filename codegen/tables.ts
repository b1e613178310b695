/** Writes types as table strings, in the grammar of `lib/schema/grammar.ts`. */
import { modelOf } from './read-models.js';
import type { Field, Models, Parameter, Style, Type } from './model.js';

export type Side = 'request' | 'response';

/** The table of a query or a body: a list of fields. */
export function fieldsTable(parameters: readonly Parameter[], models: Models): string {
  return compose(parameters, models, 'request', (typeText) => fieldList(parameters, 'request', typeText));
}

/** The table of a body that is one field's value. */
export function wholeTable(parameter: Parameter, models: Models): string {
  return compose([parameter], models, 'request', (typeText) => fieldText(parameter, '=', 'request', typeText));
}

/** The table of a response. */
export function responseTable(type: Type, models: Models): string {
  return compose([{ type }], models, 'response', (typeText) => typeText(type));
}

type TypeText = (type: Type) => string;
type Write = (typeText: TypeText) => string;

/**
 * A type that contains itself has to be a definition; of those that contain each other, enough that each way around goes
 * through one. Any other that stands in several places is a definition where that makes the table shorter.
 */
function compose(roots: readonly { readonly type: Type }[], models: Models, side: Side, write: Write): string {
  const { recursive, repeated } = survey(roots, models);
  let defined = recursive;
  let table = withDefinitions(defined, models, side, write);
  for (const name of repeated) {
    const more = new Set([...defined, name]);
    const other = withDefinitions(more, models, side, write);
    if (other.length < table.length) [defined, table] = [more, other];
  }
  return table;
}

/** Which models contain themselves, and which stand in more than one place, in the order of their first places. */
function survey(
  roots: readonly { readonly type: Type }[],
  models: Models,
): Record<'recursive' | 'repeated', ReadonlySet<string>> {
  const seen = new Set<string>();
  const recursive = new Set<string>();
  const repeated = new Set<string>();
  const visit = (type: Type, outer: readonly string[]): void => {
    if (type.kind === 'array') return visit(type.items, outer);
    if (type.kind === 'map') return visit(type.values, outer);
    if (type.kind !== 'model') return;
    if (outer.includes(type.name)) return void recursive.add(type.name);
    if (seen.has(type.name)) repeated.add(type.name);
    seen.add(type.name);
    for (const field of modelOf(models, type.name).fields.values()) visit(field.type, [...outer, type.name]);
  };
  for (const { type } of roots) visit(type, []);
  return { recursive, repeated };
}

/** The table with these models as definitions. */
function withDefinitions(defined: ReadonlySet<string>, models: Models, side: Side, write: Write): string {
  const definitions = new Map<string, string>();
  const begun = new Set<string>();
  const struct = (name: string): string => `{${fieldList([...modelOf(models, name).fields.values()], side, typeText)}}`;
  const define = (name: string): void => {
    if (begun.has(name)) return;
    begun.add(name);
    definitions.set(name, `#${quoted(name)}=${struct(name)};`);
  };
  const typeText = (type: Type): string => {
    if (type.kind === 'array') return `[${typeText(type.items)}]`;
    if (type.kind === 'map') return `<${typeText(type.values)}>`;
    if (type.kind !== 'model') return letters[side][type.kind];
    if (!defined.has(type.name)) return struct(type.name);
    define(type.name);
    return `$${quoted(type.name)}`;
  };
  const text = write(typeText);
  return [...definitions.values(), text].join('');
}

const letters = {
  // A request takes a bigint for any number, so there is nothing to mark.
  request: { string: 's', number: 'n', long: 'n', boolean: 'b', any: 'a', bytes: 'a', file: 's' },
  response: { string: 's', number: 'n', long: 'l', boolean: 'b', any: 'a', bytes: 'a', file: 's' },
} as const;

const styleLetters: Readonly<Record<Style, string>> = { json: 'j', comma: 'c', space: 's', pipe: 'p' };

function fieldList(fields: readonly (Field | Parameter)[], side: Side, typeText: TypeText): string {
  return fields.map((field) => fieldText(field, ':', side, typeText)).join(',');
}

function fieldText(field: Field | Parameter, separator: ':' | '=', side: Side, typeText: TypeText): string {
  const required = side === 'request' && field.required ? ('isRegion' in field && field.isRegion ? '^' : '!') : '';
  const style = 'style' in field && field.style ? `~${styleLetters[field.style]}` : '';
  return quoted(field.name) + separator + typeText(field.type) + required + style;
}

function quoted(name: string): string {
  return /^[\w.@/-]+$/.test(name) ? name : JSON.stringify(name);
}

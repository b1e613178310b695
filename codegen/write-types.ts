/** Writes the interfaces of a service. */
import { baseOf, parametersOf, type Declaration, type Declarations } from './declarations.js';
import { modelOf } from './read-models.js';
import { Refusal } from './refusal.js';
import type { Field, Models, Operation, Parameter, Style, Type } from './model.js';
import type { Side } from './tables.js';

/** The interface of the request, and those that it refers to. */
export function requestTypes(operation: Operation, models: Models, declarations: Declarations): string[] {
  const variables = operation.pathVariables.map(pathField);
  const fields = [...variables, ...parametersOf(operation)];
  const name = `${baseOf(operation)}Request`;
  const request =
    fields.length > 0
      ? interfaceText(name, fields, 'request', declarations)
      : // An empty interface would take anything.
        `export type ${name} = Record<string, never>;\n`;
  return [request, ...ownTypes('request', operation, models, declarations)];
}

/** The type of the response, and those that it refers to. */
export function responseTypes(operation: Operation, models: Models, declarations: Declarations): string[] {
  const name = `${baseOf(operation)}Response`;
  const type = operation.response ? typeText(operation.response, 'response', declarations) : 'NoContent';
  const alias = type === name ? [] : [`export type ${name} = ${type};\n`];
  return [...alias, ...ownTypes('response', operation, models, declarations)];
}

/** The type of the items of the list that is at this path of the response. */
export function itemType(
  { response }: Operation,
  path: readonly string[],
  models: Models,
  declarations: Declarations,
): string {
  const list = path.reduce((type: Type | undefined, name) => {
    const fields = type?.kind === 'model' ? [...modelOf(models, type.name).fields.values()] : [];
    return fields.find((field) => field.name === name)?.type;
  }, response);
  if (list?.kind !== 'array') throw new Refusal(undefined, `there is no list at ${path.join('.')}`);
  return typeText(list.items, 'response', declarations);
}

/** The interface of a model. */
export function modelType({ model, side }: Declaration, models: Models, declarations: Declarations): string {
  const fields = [...modelOf(models, model).fields.values()];
  return interfaceText(declarations.nameOf({ model, side }), fields, side, declarations);
}

/** The name of a property, quoted where it has to be. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringText(name);
}

export function stringText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function ownTypes(side: Side, operation: Operation, models: Models, declarations: Declarations): string[] {
  const own = declarations.own(operation).filter((declaration) => declaration.side === side);
  return own.map((declaration) => modelType(declaration, models, declarations));
}

function pathField(name: string): Field {
  return { name, type: { kind: 'string' }, required: true, deprecated: false };
}

function interfaceText(
  name: string,
  fields: readonly (Field | Parameter)[],
  side: Side,
  declarations: Declarations,
): string {
  const lines = fields.map((field) => {
    const isRegion = 'isRegion' in field && field.isRegion === true;
    const optional = side === 'request' && field.required && !isRegion ? '' : '?';
    // For those who compile with `exactOptionalPropertyTypes`.
    const type = typeText(field.type, side, declarations);
    const orNothing = side === 'request' && optional !== '' && type !== 'unknown' ? ' | undefined' : '';
    const text = `  ${propertyName(field.name)}${optional}: ${type}${orNothing};\n`;
    return commentText(remarksOn(field, side, isRegion), '  ') + text;
  });
  return `export interface ${name} {\n${lines.join('')}}\n`;
}

function remarksOn(field: Field | Parameter, side: Side, isRegion: boolean): string[] {
  const { deprecated, docs, type } = field;
  const wire = wireType(field, side);
  const facts = [
    ...(wire === undefined ? [] : [wire]),
    ...(side === 'request' && field.required && !isRegion ? ['required'] : []),
  ];
  const own = [
    ...(facts.length === 0 ? [] : [facts.join(', ')]),
    ...(type.kind === 'file' ? ['Its URL, or the file itself, which is uploaded first.'] : []),
    ...(isRegion ? ["@default the client's `regionId`"] : []),
  ];
  if (docs) return [...docs, ...own];
  return [...own, ...(deprecated ? ['@deprecated'] : [])];
}

const styles: Readonly<Record<Style, string>> = {
  json: 'sent as JSON in a string',
  comma: 'sent as a string, with commas between the items',
  space: 'sent as a string, with spaces between the items',
  pipe: 'sent as a string, with | between the items',
};

/** What goes over the wire, where the type in TypeScript does not say it. */
function wireType(field: Field | Parameter, side: Side): string | undefined {
  if ('style' in field && field.style !== undefined) return styles[field.style];
  const { kind } = field.type;
  if (kind === 'long') return 'int64';
  return kind === 'number' && side === 'request' ? 'number' : undefined;
}

/** A doc comment of those lines; nothing where there are none. */
export function commentText(lines: readonly string[], indent = ''): string {
  if (lines.length === 0) return '';
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */\n`].join('\n');
}

const scalars = {
  request: {
    string: 'string',
    number: 'number | bigint',
    long: 'number | bigint',
    boolean: 'boolean',
    any: 'unknown',
    bytes: 'Content',
    file: 'Content',
  },
  response: {
    string: 'string',
    number: 'number',
    long: 'number | bigint',
    boolean: 'boolean',
    any: 'unknown',
    bytes: 'Uint8Array',
    file: 'string',
  },
} as const;

function typeText(type: Type, side: Side, declarations: Declarations): string {
  if (type.kind === 'map') return `Record<string, ${typeText(type.values, side, declarations)}>`;
  if (type.kind === 'model') return declarations.nameOf({ model: type.name, side });
  if (type.kind !== 'array') return scalars[side][type.kind];
  const items = typeText(type.items, side, declarations);
  return items.includes('|') && !items.endsWith('>') ? `(${items})[]` : `${items}[]`;
}

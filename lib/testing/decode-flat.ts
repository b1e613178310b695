/** Flat parameters back to the structure that the tables describe: `Tag.1.Key=a` is `{ Tag: [{ Key: 'a' }] }`. */
import type { Field, Schema, Style } from '../schema/grammar.js';
import { parseJson } from '../schema/json.js';
import { invalidParameter, missingParameter } from './api-error.js';
import { decodeJson, decodeScalar } from './decode-json.js';
import { shortened, type Parameter } from './wire.js';

/** The fields' values; throws as the service refuses where a required one is missing or one is of the wrong type. */
export function decodeFlat(fields: readonly Field[], parameters: readonly Parameter[]): Record<string, unknown> {
  const root: Node = {};
  const known = new Set(fields.map(({ name }) => firstPart(name)));
  for (const [name, value] of parameters) {
    if (known.has(firstPart(name))) descend(root, partsOf(name)).value = value;
  }
  return decodeFields(fields, root, '');
}

function firstPart(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}

/** More than any operation has, or any key with dots in it. */
const mostLevels = 16;

function partsOf(name: string): readonly string[] {
  const parts = name.split('.', mostLevels + 1);
  if (parts.length > mostLevels) throw invalidParameter(shortened(name), `a name of at most ${mostLevels} parts`);
  return parts;
}

/** The value of one parameter: shrunk to a string, or as it is. */
export function decodeValue(field: Field, value: string): unknown {
  return decodeNode(field.schema, { value }, field.name, field.style);
}

/** A parameter name's place in the tree of all names. */
interface Node {
  value?: string;
  children?: Map<string, Node>;
}

function descend(root: Node, path: readonly string[]): Node {
  let node = root;
  for (const part of path) {
    node.children ??= new Map();
    let child = node.children.get(part);
    if (child === undefined) node.children.set(part, (child = {}));
    node = child;
  }
  return node;
}

/** A field's name may have dots in it: `SystemDisk.Category`. */
function lookUp(root: Node, name: string): Node | undefined {
  const direct = root.children?.get(name);
  if (direct !== undefined || !name.includes('.')) return direct;
  let node: Node | undefined = root;
  for (const part of name.split('.')) node = node?.children?.get(part);
  return node;
}

function decodeFields(fields: readonly Field[], node: Node, prefix: string): Record<string, unknown> {
  const decoded: Record<string, unknown> = {};
  for (const field of fields) {
    const child = lookUp(node, field.name);
    const name = prefix + field.name;
    if (child !== undefined) decoded[field.name] = decodeNode(field.schema, child, name, field.style);
    else if (field.required) throw missingParameter(name);
  }
  return decoded;
}

function decodeNode(schema: Schema, node: Node, name: string, style?: Style): unknown {
  if (style !== undefined && node.value !== undefined) return decodeShrunk(schema, node.value, name, style);
  switch (schema.kind) {
    case 'array':
      return elementsOf(node, name).map((item, index) => decodeNode(schema.items, item, `${name}.${index + 1}`));
    case 'map':
      return Object.fromEntries(
        membersOf(node, schema.values).map(([key, item]) => [key, decodeNode(schema.values, item, `${name}.${key}`)]),
      );
    case 'struct':
      if (node.value !== undefined) throw invalidParameter(name, 'an object, flattened');
      return decodeFields(schema.fields, node, `${name}.`);
    case 'any':
      return node.value ?? untyped(node);
    default:
      if (node.value === undefined) throw invalidParameter(name, `one ${schema.kind}`);
      return decodeScalar(schema.kind, node.value, name);
  }
}

function decodeShrunk(schema: Schema, value: string, name: string, style: Style): unknown {
  if (style === 'json') {
    try {
      return decodeJson(schema, parseJson(value), name);
    } catch (error) {
      throw error instanceof SyntaxError ? invalidParameter(name, 'JSON') : error;
    }
  }
  const separator = { comma: ',', space: ' ', pipe: '|' }[style];
  const items = value === '' ? [] : value.split(separator);
  return decodeJson(schema, schema.kind === 'array' ? items : value, name);
}

function elementsOf(node: Node, name: string): readonly Node[] {
  const entries = [...(node.children ?? [])].map(([index, item]) => [Number(index), item] as const);
  if (node.value !== undefined || entries.some(([index]) => !Number.isSafeInteger(index) || index < 1)) {
    throw invalidParameter(name, `a list, as ${name}.1, ${name}.2 and so on`);
  }
  return entries.sort(([a], [b]) => a - b).map(([, item]) => item);
}

/** The members of a map. Where the values are plain, a dot belongs to the key. */
function membersOf(node: Node, values: Schema): (readonly [string, Node])[] {
  const children = [...(node.children ?? [])];
  if (values.kind === 'struct' || values.kind === 'map' || values.kind === 'array') return children;
  return children.flatMap(([key, child]) => [
    ...(child.value === undefined ? [] : [[key, child] as const]),
    ...membersOf(child, values).map(([rest, item]) => [`${key}.${rest}`, item] as const),
  ]);
}

function untyped(node: Node): unknown {
  const children = [...(node.children ?? [])];
  const value = (item: Node): unknown => item.value ?? untyped(item);
  if (children.every(([key], index) => key === String(index + 1))) return children.map(([, item]) => value(item));
  return Object.fromEntries(children.map(([key, item]) => [key, value(item)]));
}

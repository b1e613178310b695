/** Reads the model classes: what fields there are, what they are called on the wire, and of what type they are. */
import type ts from 'typescript';
import { compiler } from './compiler.js';
import { entriesOf } from './entries.js';
import { expression, member } from './pattern.js';
import { readDoc, type Doc } from './read-doc.js';
import { Refusal } from './refusal.js';
import type { Field, Model, Models, Type } from './model.js';

/** Without `docs`, the fields carry no documentation. */
export function readModels(files: readonly ts.SourceFile[], docs = false): Models {
  const models = new Map<string, Model>();
  for (const file of files) {
    for (const declaration of file.statements) {
      if (compiler.isImportDeclaration(declaration) || compiler.isExportDeclaration(declaration)) continue;
      // The client, where all is in one file.
      if (compiler.isClassDeclaration(declaration) && isDefaultExport(declaration)) continue;
      if (!compiler.isClassDeclaration(declaration)) throw new Refusal(declaration, 'not a model class');
      const name = declaration.name?.text ?? '';
      if (models.has(name)) throw new Refusal(declaration, 'a second class of that name');
      models.set(name, modelOrRefusal(name, declaration, docs));
    }
  }
  return models;
}

/** A class that is not understood is no loss to the operations that do without it. */
function modelOrRefusal(name: string, declaration: ts.ClassDeclaration, docs: boolean): Model {
  try {
    return { name, fields: readFields(declaration, docs) };
  } catch (error) {
    if (error instanceof Refusal) return { name, fields: new Map(), refusal: error };
    throw error;
  }
}

export function isDefaultExport(node: ts.ClassDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === compiler.SyntaxKind.DefaultKeyword) ?? false;
}

const names = member('static names(): { [key: string]: string } { return $$names; }');
const types = member('static types(): { [key: string]: any } { return $$types; }');

function readFields(declaration: ts.ClassDeclaration, docs: boolean): ReadonlyMap<string, Field> {
  const properties: ts.PropertyDeclaration[] = [];
  let wireNames: ReadonlyMap<string, ts.Expression> | undefined;
  let wireTypes: ReadonlyMap<string, ts.Expression> | undefined;
  for (const part of declaration.members) {
    const named = names(part)?.names;
    const typed = types(part)?.types;
    if (named) wireNames = entriesOf(named);
    else if (typed) wireTypes = entriesOf(typed);
    else if (compiler.isPropertyDeclaration(part)) properties.push(part);
    else if (!compiler.isConstructorDeclaration(part) && part.name?.getText() !== 'validate') {
      throw new Refusal(part, 'not a part of a model class');
    }
  }
  const fields = new Map<string, Field>();
  for (const property of properties) {
    const key = property.name.getText();
    const { lines, ...field } = readField(property, wireNames?.get(key), wireTypes?.get(key));
    fields.set(key, docs ? { ...field, docs: lines } : field);
  }
  if (wireNames?.size !== fields.size || wireTypes?.size !== fields.size) {
    throw new Refusal(declaration, 'names() and types() do not list the fields');
  }
  return fields;
}

function readField(
  property: ts.PropertyDeclaration,
  name?: ts.Expression,
  type?: ts.Expression,
): Field & Pick<Doc, 'lines'> {
  if (!name || !compiler.isStringLiteral(name) || !type)
    throw new Refusal(property, 'names() or types() do not list the field');
  const doc = readDoc(property);
  // The oldest packages have no comments, but mark what is optional.
  const required = doc.required || property.questionToken === undefined;
  return {
    name: name.text,
    type: narrowed(readType(type), name.text, doc),
    required,
    deprecated: doc.deprecated,
    lines: doc.lines,
  };
}

const array = expression(`{ 'type': 'array', 'itemType': $$items }`);
const map = expression(`{ 'type': 'map', 'keyType': 'string', 'valueType': $$values }`);
const scalars = new Map<string, Type>(
  Object.entries({
    string: 'string',
    number: 'number',
    boolean: 'boolean',
    any: 'any',
    Readable: 'bytes',
    Buffer: 'bytes',
  }).map(([name, kind]) => [name, { kind: kind as 'string' }]),
).set('{[key: string]: any}', { kind: 'map', values: { kind: 'any' } });

function readType(node: ts.Node): Type {
  if (compiler.isIdentifier(node)) return { kind: 'model', name: node.text };
  const scalar = compiler.isStringLiteral(node) ? scalars.get(node.text) : undefined;
  if (scalar) return scalar;
  const items = array(node)?.items;
  if (items) return { kind: 'array', items: readType(items) };
  const values = map(node)?.values;
  if (values) return { kind: 'map', values: readType(values) };
  throw new Refusal(node, 'not a type');
}

/**
 * The types say `number` for 64-bit integers too. An example that a double can't hold tells them, and so does the name of an
 * identifier: nobody counts with it, and its digits are all there is to it.
 */
function narrowed(type: Type, name: string, doc: Doc): Type {
  if (type.kind === 'array') return { kind: 'array', items: narrowed(type.items, name, doc) };
  const isLong = type.kind === 'number' && (/^-?\d{16,}$/.test(doc.example) || isIdentifier.test(name));
  return isLong ? { kind: 'long' } : type;
}

/** `OwnerId`, `aliUid`, `group_id`, `TaskIds`, `AliyunPk`; not `Paid`. Of a bare `Id` the example tells. */
const isIdentifier = /[a-z\d_-]I[dD]s?$|[a-z\d][_-]ids?$|(?:^|_|[a-z])[uU]id$|U[iI][dD]$|P[kK]$|_pk$/;

export function modelOf(models: Models, name: string): Model {
  const model = models.get(name);
  if (model === undefined) throw new Refusal(undefined, `the package has no model class ${name}`);
  if (model.refusal) throw model.refusal;
  return model;
}

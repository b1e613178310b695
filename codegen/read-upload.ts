/**
 * Reads a method such as `detectFaceAdvance`: it uploads files, puts their addresses into the request, and calls the
 * operation. Which fields those are is all that differs.
 */
import type ts from 'typescript';
import { modelOf } from './read-models.js';
import { argumentsOf } from './read-operation.js';
import { nameIn, statement, stringIn, type Captures, type Pattern } from './pattern.js';
import { Refusal } from './refusal.js';
import { filePatterns, preparations, products } from './upload-statements.js';
import type { Models, Upload } from './model.js';

/** `full` is the operation's method with all arguments, and `requestModel` the class of its request. */
export function readUpload(
  method: ts.MethodDeclaration,
  full: ts.MethodDeclaration,
  requestModel: string,
  models: Models,
): Upload {
  const fields: string[] = [];
  let product: string | undefined;
  const [copy, call] = endings(method.name.getText().replace(/Advance$/, ''), full, requestModel);
  for (const line of method.body?.statements ?? []) {
    const named = first(products, line);
    const file = first(filePatterns, line);
    if (named) product = stringIn(named, 'product');
    else if (file) fields.push(fieldOf(line, file, requestModel, models));
    else if (!first([...preparations, ...copy, ...call], line))
      throw new Refusal(line, 'not a known statement of an upload');
  }
  if (product === undefined || fields.length === 0) throw new Refusal(method, 'nothing is uploaded');
  return { product, fields };
}

/** The statements that copy the request, and those that make the call with it. */
function endings(operation: string, full: ts.MethodDeclaration, requestModel: string): readonly [Pattern[], Pattern[]] {
  const given = argumentsOf(full, '$$request').join(', ');
  const call = (name: string): Pattern => statement(`let $$response = await this.${name}(${given});`);
  return [
    [
      statement(`let $$request = new $_model.${requestModel}({ });`),
      statement('OpenApiUtil.convert(request, $$request);'),
      statement('RPCUtil.convert(request, $$request);'),
    ],
    [call(full.name.getText()), call(operation), statement('return $$response;')],
  ];
}

function first(patterns: readonly Pattern[], line: ts.Statement): Captures | undefined {
  for (const pattern of patterns) {
    const captures = pattern(line);
    if (captures) return captures;
  }
  return undefined;
}

function fieldOf(line: ts.Node, captures: Captures, requestModel: string, models: Models): string {
  const target = modelOf(models, requestModel).fields;
  const property = nameIn(captures, 'property');
  if (!captures.list) {
    const field = target.get(property);
    if (field?.type.kind !== 'string') throw new Refusal(line, `the request has no text ${property}`);
    return field.name;
  }
  const list = target.get(nameIn(captures, 'list'));
  const items = list?.type.kind === 'array' ? list.type.items : undefined;
  const field = items?.kind === 'model' ? modelOf(models, items.name).fields.get(property) : undefined;
  if (!list || field?.type.kind !== 'string') throw new Refusal(line, `the request has no list with ${property}`);
  return `${list.name}[].${field.name}`;
}
